const RANGES = ['45s', '5m', '33m'];
const RANGE_FUNCTIONS = [
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'count_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'last_over_time',
  'present_over_time',
  'absent_over_time',
  'changes',
  'resets',
  'rate',
  'increase',
  'delta',
  'irate',
  'idelta',
  'deriv',
];
const MATH = [
  'abs ceil floor exp sqrt ln log2 log10 sgn round deg rad',
  'sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh',
]
  .join(' ')
  .split(' ');
const DATES = 'day_of_month day_of_week day_of_year days_in_month hour minute month year'.split(' ');
const AGGREGATIONS = ['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'];
const OPERATORS = ['+', '-', '*', '/', '%', '^', 'atan2', '==', '!=', '<', '<=', '>', '>='];
const SUBQUERIES = ['[10m:1m]', '[10m:]', '[30m:7m]', '[2m:11s]', '[10m:1m] offset 3m', '[10m:1m] @ end()'];
/** Series of different values at each time: which of equal ones is the largest is nobody's promise. */
const DISTINCT = '{kind=~"falling|rounding|negative|constant|whole.*|nan|gaps|many gaps|often|ends early|steady"}';
const SOURCES = ['nasty_gauge', 'nasty_shape_total'];

/** Every function, operator and modifier over the odd series, beyond what the compliance suite asks. */
export function ownQueries(): string[] {
  const queries: string[] = [];
  for (const source of SOURCES) {
    for (const range of RANGES) {
      for (const name of RANGE_FUNCTIONS) queries.push(`${name}(${source}[${range}])`);
      for (const q of ['0', '0.3', '0.5', '1', '-1', '2', 'NaN']) {
        queries.push(`quantile_over_time(${q}, ${source}[${range}])`);
      }
      queries.push(`predict_linear(${source}[${range}], 3600)`, `predict_linear(${source}[${range}], -60.5)`);
    }
    for (const name of MATH) queries.push(`${name}(${source})`);
    for (const name of DATES) queries.push(`${name}(${source}{kind=~"constant|zero|steady|stands|negative"})`);
    for (const name of AGGREGATIONS) {
      queries.push(`${name}(${source})`, `${name} by (kind) (${source})`, `${name} without (kind) (${source})`);
      queries.push(`${name}({__name__=~"join_.*"})`, `${name} by (instance) ({__name__=~"join_.*"})`);
      queries.push(`${name}(${source}{kind!~".*nan.*|.*infinit.*|specials|large"})`);
    }
    for (const q of ['-1', '0', '0.25', '0.5', '1', '2']) queries.push(`quantile(${q}, ${source})`);
    for (const k of ['0', '1', '5', '100', '-1']) {
      for (const name of ['topk', 'bottomk']) queries.push(`${name}(${k}, ${source}${DISTINCT})`);
    }
    for (const operator of OPERATORS) {
      queries.push(`${source} ${operator} 2.5`, `2.5 ${operator} ${source}`, `${source} ${operator} ${source}`);
      queries.push(`${source} ${operator} on (kind) ${source} offset 7m`);
      if (/[=<>]/.test(operator)) queries.push(`${source} ${operator} bool 0`, `${source} ${operator} bool ${source}`);
    }
    for (const offset of ['1m', '20m', '-20m', '3h']) queries.push(`${source} offset ${offset}`);
    queries.push(`${source} @ 1736936107`, `${source} @ start()`, `${source} @ end()`);
    queries.push(`rate(${source}[5m] @ end())`, `sum_over_time(${source}[5m] @ 1736936107.5 offset 1m)`);
    queries.push(`clamp(${source}, -2, 5)`, `clamp(${source}, 5, -2)`, `clamp_min(${source}, 3)`);
    queries.push(`clamp_max(${source}, NaN)`, `round(${source}, 0.3)`, `round(${source}, 0)`, `round(${source}, -5)`);
    queries.push(`timestamp(${source})`, `timestamp(${source} offset 1m)`, `timestamp(timestamp(${source}))`);
    queries.push(`count_values("v", ${source})`, `count_values by (kind) ("v", ${source})`);
    queries.push(`sort(${source})`, `sort_desc(${source})`, `absent(${source})`, `scalar(${source}{kind="constant"})`);
    for (const subquery of SUBQUERIES) {
      for (const name of ['max_over_time', 'rate', 'count_over_time', 'changes', 'avg_over_time', 'deriv']) {
        queries.push(`${name}(${source}${subquery})`);
      }
    }
  }
  return [...queries, ...LABELS, ...JOINS, ...HISTOGRAMS, ...NESTED, ...SCALARS, ...MISTAKES];
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the groups of Go's regular expressions are written like that.
const LABELS = [
  'nasty_label',
  'nasty_label{value=~"(?i)abc"}',
  'nasty_label{value=~".*日.*"}',
  'nasty_label{value!~".+"}',
  'nasty_label{value=""}',
  'nasty_label{value=~"|abc"}',
  'nasty_label{value="a\\"b\\\\c\'d`e"}',
  "nasty_label{value='a\"b\\\\c\\'d`e'}",
  'nasty_label{value=`$1 ${2} $$`}',
  'nasty_label{value=~"first\\nsecond\\ttab"}',
  'nasty_label{value=~"\\\\$1.*"}',
  'nasty_label{value=~"[[:alpha:]]+"}',
  'nasty_label{value=~"\\\\p{Greek}|\\\\pL+"}',
  'nasty_label{value=~"x{900}"}',
  'nasty_label{value=~"\\\\w+-\\\\d+:\\\\d{2,4}"}',
  'nasty_label{kind=~"u.*|l.*",kind!="long"}',
  '{__name__=~"nasty_l.+",kind=~"upper|lower|none"}',
  'label_replace(nasty_label, "to", "$1", "value", "host-(.*):(.*)")',
  'label_replace(nasty_label, "to", "${2}x$1$$", "value", "host-(.*):(.*)")',
  'label_replace(nasty_label, "to", "${name}", "value", "host-(?P<name>.*):.*")',
  'label_replace(nasty_label, "to", "$9", "value", ".*")',
  'label_replace(nasty_label, "kind", "", "value", "abc")',
  'label_replace(nasty_label, "__name__", "$1_renamed", "__name__", "(.*)")',
  'label_replace(nasty_label, "kind", "same", "value", ".*")',
  'label_replace(nasty_label, "to", "é$1", "value", "(?s)(.).*")',
  'label_join(nasty_label, "to", "-", "kind", "value", "none")',
  'label_join(nasty_label, "to", "", "kind")',
  'label_join(nasty_label, "kind", ",")',
  'sum by (value) (nasty_label)',
  'count by (__name__) ({__name__=~"nasty_.*"})',
  'count without (kind, value) (nasty_label)',
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: above.

const JOINS = [
  'join_errors_total / ignoring (code) group_left join_calls_total',
  'join_calls_total / ignoring (code) group_right join_errors_total',
  'join_errors_total{code="500"} / ignoring (code) join_calls_total',
  'join_errors_total / on (method) join_calls_total',
  'join_disk_bytes * on (instance) group_left (version) join_version_info',
  'join_disk_bytes * on (instance) group_left (version) join_version_info{version!="v9"}',
  'join_version_info{version!="v9"} * on (instance) group_right (version) join_disk_bytes',
  'join_errors_total and ignoring (code) join_calls_total',
  'join_errors_total unless ignoring (code) join_calls_total',
  'join_errors_total or join_calls_total',
  'join_calls_total or ignoring (code) join_errors_total',
  'join_errors_total and on () (join_calls_total > 2000)',
  'join_errors_total unless on (method) (join_calls_total > 1000)',
  'join_disk_bytes > on (instance) group_left join_version_info{version!="v9"} * 1e6',
  'join_disk_bytes > bool on (instance) group_left join_version_info{version!="v9"} * 1e6',
  'join_disk_bytes == on (instance, disk) join_disk_bytes',
  'join_disk_bytes - ignoring (disk) group_left sum without (disk) (join_disk_bytes)',
  'sum by (method) (rate(join_errors_total[5m])) / sum by (method) (rate(join_calls_total[5m]))',
  'sum(rate(join_errors_total{code=~"5.."}[5m])) / sum(rate(join_calls_total[5m]))',
  'join_errors_total + on (method, code) group_left join_errors_total',
  'join_disk_bytes and join_disk_bytes offset 3m > 1e6',
  'join_version_info unless join_version_info offset 10m',
  'join_disk_bytes - on (instance) group_left (disk) join_version_info{version!="v9"}',
  'topk by (instance) (1, join_disk_bytes)',
  'bottomk(2, sum by (instance) (join_disk_bytes))',
  'quantile by (instance) (0.5, join_disk_bytes)',
];

const HISTOGRAMS = [
  ...['-1', '0', '0.01', '0.5', '0.9', '0.99', '1', '2', 'NaN'].flatMap((q) => [
    `histogram_quantile(${q}, nasty_bucket)`,
    `histogram_quantile(${q}, rate(nasty_bucket[5m]))`,
    `histogram_quantile(${q}, sum by (le, path) (rate(demo_api_request_duration_seconds_bucket[5m])))`,
  ]),
  'histogram_quantile(scalar(demo_num_cpus{instance=~".*0"}) / 10, nasty_bucket)',
  'histogram_quantile(0.5, sum by (kind) (nasty_bucket))',
  'sum by (le) (nasty_bucket)',
];

const NESTED = [
  'avg_over_time(rate(nasty_shape_total[5m])[10m:30s])',
  'max_over_time(sum(rate(join_calls_total[1m]))[20m:1m])',
  'sum(max_over_time(rate(demo_cpu_usage_seconds_total[2m])[10m:15s])) by (mode)',
  'quantile_over_time(0.9, (join_disk_bytes > 1e6)[15m:45s])',
  'min_over_time((time() - timestamp(nasty_shape_total))[5m:20s])',
  'rate(sum by (method) (join_errors_total)[10m:30s])',
  'count_over_time(vector(1)[10m:1m])',
  'sum_over_time(time()[5m:30s])',
  'absent_over_time((nasty_gauge{kind="none"} > 1)[5m:1m])',
  'max_over_time(max_over_time(demo_memory_usage_bytes[190s:1m])[10m:2m])',
  'stddev_over_time(deriv(demo_disk_usage_bytes[5m])[10m:1m] offset 5m)',
  'avg_over_time(demo_memory_usage_bytes[10m:1m] @ start())',
  'sum by (type) (avg_over_time(demo_memory_usage_bytes[5m]) > 0) / ignoring (type) group_left sum(demo_memory_usage_bytes)',
];

const SCALARS = [
  'time()',
  'time() % 60',
  'vector(time())',
  'scalar(vector(3))',
  'scalar(nasty_gauge)',
  'pi()',
  '1 / 0',
  '-1 / 0',
  '0 / 0',
  '-7 % 3',
  '7 % -3',
  '2 ^ 3 ^ 2',
  '-2 ^ 2',
  '1 == bool 1',
  '3 > bool NaN',
  '0x1F',
  '1e3',
  '.5 + 5.',
  '+Inf - Inf',
  'vector(1) + vector(2)',
  '"a string"',
  'absent(nonexistent{a="b",c=~"d",e!="f",a2="x"})',
  'absent(sum(nonexistent))',
  'absent_over_time(nonexistent{a="b"}[5m])',
  'absent_over_time({__name__="nonexistent",a="1",a="2"}[5m])',
  'year(vector(-1e9))',
  'month(vector(1709164800))',
  'days_in_month(vector(1709164800))',
  'day_of_year(vector(NaN))',
  'demo_num_cpus[5m]',
  'nasty_shape_total[10m]',
  'nasty_shape_total[10m] offset 20m',
  'demo_num_cpus[5m:1m]',
  'nasty_gauge{kind="specials"}[8m]',
];

/** What is no query. */
const MISTAKES = [
  '',
  '{}',
  '{a=~".*"}',
  '{a!="b"}',
  'sum(',
  'sum by (a, (b)) (c)',
  'rate(nasty_gauge)',
  'rate(nasty_gauge[5m:1m:1m])',
  'nasty_gauge[0s]',
  'nasty_gauge[-5m]',
  'nasty_gauge offset',
  'nasty_gauge{kind=~"("}',
  'nasty_gauge{kind="a"',
  'nasty_gauge{kind="a"}}',
  'nasty_gauge{1a="b"}',
  'nasty_gauge + "a"',
  '"a" + "b"',
  '1 and 2',
  '1 == 2',
  'nasty_gauge and 1',
  'nasty_gauge bool nasty_gauge',
  'nasty_gauge + bool nasty_gauge',
  'nonexistent_function(nasty_gauge)',
  'topk(nasty_gauge, nasty_gauge)',
  'topk("1", nasty_gauge)',
  'quantile("0.5", nasty_gauge)',
  'count_values(1, nasty_gauge)',
  'count_values("", nasty_gauge)',
  'label_replace(nasty_gauge, "a", "b", "c", "(")',
  'label_replace(nasty_gauge, "a", "b", "c")',
  'label_replace(nasty_gauge, "", "b", "c", "d")',
  'histogram_quantile(nasty_bucket, 0.9)',
  'scalar(1)',
  'vector(nasty_gauge)',
  'time(1)',
  'round(nasty_gauge, 1, 2)',
  'sum by (kind) nasty_gauge',
  'nasty_gauge @ nasty_gauge',
  'nasty_gauge @ 5m',
  'nasty_gauge offset 5m offset 5m',
  'sum(nasty_gauge) offset 5m',
  'nasty_gauge[5m][5m]',
  'nasty_gauge[5m] + 1',
  'nasty_gauge on (kind) nasty_gauge',
  'nasty_gauge + on (kind) group_left (kind) nasty_gauge',
  'nasty_gauge and on (kind) group_left nasty_gauge',
  'nasty_gauge !~ nasty_gauge',
  '5m',
  '1 2',
  '(1',
  '1)',
  '/',
  'a.b',
  'sum',
  'sum()',
  'absent_over_time(nasty_gauge)',
];
