/** A query, and whether the suite says that it must fail. */
export interface ComplianceQuery {
  readonly query: string;
  readonly shouldFail: boolean;
}

/** What the compliance suite puts in for each name. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  range: ['1s', '15s', '1m', '5m', '15m', '1h'],
  offset: ['1m', '5m', '10m', '-5m'],
  simpleAggrOp: ['sum', 'avg', 'max', 'min', 'count', 'stddev', 'stdvar', 'group'],
  topBottomOp: ['topk', 'bottomk'],
  quantile: ['-0.5', '0.1', '0.5', '0.75', '0.95', '0.90', '0.99', '1', '1.5'],
  simpleMathFunc: ['abs', 'ceil', 'floor', 'exp', 'sqrt', 'ln', 'log2', 'log10', 'round', 'sgn'],
  simpleTimeAggrOp: ['sum', 'avg', 'max', 'min', 'count', 'stddev', 'stdvar', 'absent', 'last', 'present'],
  extrapolatedRateFunc: ['delta', 'rate', 'increase'],
  instantRateFunc: ['idelta', 'irate'],
  dateFunc: ['day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'hour', 'minute', 'month', 'year'],
  arithBinOp: ['+', '-', '*', '/', '%', '^', 'atan2'],
  compBinOp: ['==', '!=', '<', '>', '<=', '>='],
  binOp: ['+', '-', '*', '/', '%', '^', 'atan2', '==', '!=', '<', '>', '<=', '>='],
};

/** Reads the templates of the suite's file and writes out every query they stand for. */
export function complianceQueries(yaml: string): ComplianceQuery[] {
  return readTemplates(yaml).flatMap(({ template, names, shouldFail }) =>
    expand([template], names).map((query) => ({ query, shouldFail })),
  );
}

function expand(queries: readonly string[], names: readonly string[]): readonly string[] {
  return names.reduce<readonly string[]>((all, name) => {
    const variants = VARIANTS[name];
    if (variants === undefined) throw new Error(`the suite has a variant ${name} that is not known here`);
    return all.flatMap((query) => variants.map((variant) => query.replaceAll(`{{.${name}}}`, variant)));
  }, queries);
}

interface Template {
  readonly template: string;
  readonly names: readonly string[];
  readonly shouldFail: boolean;
}

/** The file's own small part of YAML: a list of `query`, `variant_args` and `should_fail`. */
function readTemplates(yaml: string): Template[] {
  const templates: Template[] = [];
  for (const entry of yaml.split(/^- query: /m).slice(1)) {
    const [text = '', rest = ''] = split(entry);
    templates.push({
      template: unquote(text.replace(/\n {4}/g, ' ')),
      names: [...rest.matchAll(/^ {2}- (\w+)$/gm)].map(([, name = '']) => name),
      shouldFail: /^ {2}should_fail: true$/m.test(rest),
    });
  }
  return templates;
}

/** The query, which may go on in lines that are further in, and what follows it. */
function split(entry: string): readonly [query: string, rest: string] {
  const end = entry.search(/\n(?: {2}\w| *$)/);
  return end < 0 ? [entry.trim(), ''] : [entry.slice(0, end), entry.slice(end + 1)];
}

function unquote(text: string): string {
  return text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text;
}
