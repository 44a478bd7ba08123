import type { Exemplar, Label, MetricType, ScrapedSample } from './exposition.js';
import { ExpositionError } from './exposition.js';
import { HistogramRules } from './histogram-rules.js';
import { SummaryRules } from './summary-rules.js';

/** Suffixes of the samples of a family, by its type: OpenMetrics 1.0, "Metric types". */
const SUFFIXES: { readonly [T in MetricType]: readonly string[] } = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['', '_count', '_sum', '_created'],
  info: ['_info'],
  stateset: [''],
  unknown: [''],
};
/** The label that tells the samples of one metric apart, by the type of its family. */
const OWN_LABEL: { readonly [T in MetricType]?: string } = {
  histogram: 'le',
  gaugehistogram: 'le',
  summary: 'quantile',
};
const NEVER_NEGATIVE = new Set([
  'counter_total',
  'histogram_count',
  'histogram_bucket',
  'gaugehistogram_bucket',
  'gaugehistogram_gcount',
  'summary_count',
]);
/** Of the names and values of an exemplar's labels, in code points: OpenMetrics 1.0, "Exemplars". */
const MAX_EXEMPLAR_CODE_POINTS = 128;
const EXEMPLARS_ALLOWED = new Set(['counter_total', 'histogram_bucket', 'gaugehistogram_bucket']);

interface Family {
  readonly name: string;
  type: MetricType;
  readonly stated: Set<string>;
  sampled: boolean;
  unit: string;
  readonly groups: Set<string>;
  group: string | undefined;
  groupTimestampMs: number | undefined;
  metric: HistogramRules | SummaryRules | undefined;
}

/** What OpenMetrics asks of a page beyond the shape of its lines: names, order, and values that make sense for their type. */
export class OpenMetricsRules {
  readonly #names = new Set<string>();
  #family: Family | undefined;

  metadata(keyword: 'HELP' | 'TYPE' | 'UNIT', name: string, rest: string): void {
    if (this.#family?.name !== name) this.#begin(name);
    const family = this.#current();
    if (family.sampled) throw new ExpositionError(`${keyword} of ${name} comes after its samples`);
    if (family.stated.has(keyword)) throw new ExpositionError(`${keyword} of ${name} is there twice`);
    family.stated.add(keyword);
    if (keyword === 'TYPE') {
      if (!Object.hasOwn(SUFFIXES, rest))
        throw new ExpositionError(`unknown type of metric ${JSON.stringify(rest.slice(0, 40))}`);
      family.type = rest as MetricType;
    }
    if (keyword === 'UNIT') family.unit = rest;
  }

  sample(sample: ScrapedSample): void {
    let family = this.#family;
    let suffix = family === undefined ? undefined : suffixOf(sample.name, family);
    if (family === undefined || suffix === undefined) {
      this.#begin(sample.name);
      family = this.#current();
      suffix = '';
    }
    family.sampled = true;
    checkValue(sample, family, suffix);
    this.#checkGroup(sample, family);
    if (sample.exemplar !== undefined) checkExemplar(sample.name, sample.exemplar, family.type + suffix);
    family.metric?.sample(suffix, sample);
  }

  end(): void {
    if (this.#family !== undefined) this.#finish(this.#family);
    this.#family = undefined;
  }

  #current(): Family {
    if (this.#family === undefined) throw new ExpositionError('no metric was begun');
    return this.#family;
  }

  #begin(name: string): void {
    this.end();
    this.#family = {
      name,
      type: 'unknown',
      stated: new Set(),
      sampled: false,
      unit: '',
      groups: new Set(),
      group: undefined,
      groupTimestampMs: undefined,
      metric: undefined,
    };
  }

  /** Every name of a family is its own: another family may not use it. */
  #finish(family: Family): void {
    const { name, type, unit } = family;
    family.metric?.endMetric();
    for (const suffix of new Set(['', ...SUFFIXES[type]])) {
      const taken = name + suffix;
      if (this.#names.has(taken))
        throw new ExpositionError(`${taken} belongs to two metrics, or its lines are not together`);
      this.#names.add(taken);
    }
    if (unit === '') return;
    if (type === 'info' || type === 'stateset') throw new ExpositionError(`${name} is of type ${type} and has no unit`);
    if (!name.endsWith(`_${unit}`))
      throw new ExpositionError(`the name ${name} does not end with its unit ${unit.slice(0, 40)}`);
  }

  /** Samples of one metric stand together, in the order of time. */
  #checkGroup({ labels, timestampMs }: ScrapedSample, family: Family): void {
    const group = groupOf(labels, family);
    if (group === family.group) {
      if ((timestampMs === undefined) !== (family.groupTimestampMs === undefined)) {
        throw new ExpositionError(`some samples of a metric of ${family.name} have a timestamp and some have none`);
      }
      const backwards = (timestampMs ?? 0) < (family.groupTimestampMs ?? 0);
      if (backwards && family.type !== 'info') throw new ExpositionError(`timestamps of ${family.name} go backwards`);
    } else {
      if (family.groups.has(group)) throw new ExpositionError(`samples of a metric of ${family.name} are not together`);
      family.groups.add(group);
      family.metric?.endMetric();
      family.metric = rulesOf(family);
      family.group = group;
    }
    if (timestampMs !== family.groupTimestampMs) family.metric?.nextPoint();
    family.groupTimestampMs = timestampMs;
  }
}

function suffixOf(name: string, { name: family, type }: Family): string | undefined {
  return name.startsWith(family)
    ? SUFFIXES[type].find((suffix) => name.length === family.length + suffix.length && name.endsWith(suffix))
    : undefined;
}

function groupOf(labels: readonly Label[], { name, type }: Family): string {
  if (type === 'info') return '';
  const own = type === 'stateset' ? name : OWN_LABEL[type];
  const rest = own === undefined ? [...labels] : labels.filter(([label]) => label !== own);
  return JSON.stringify(rest.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function checkValue({ name, labels, value }: ScrapedSample, family: Family, suffix: string): void {
  const { type } = family;
  const own = (label: string): string | undefined => labels.find(([found]) => found === label)?.[1];
  if (
    NEVER_NEGATIVE.has(type + suffix) &&
    (value < 0 || (Number.isNaN(value) && !(type === 'summary' && suffix === '')))
  ) {
    throw new ExpositionError(`${name} counts and cannot be ${value}`);
  }
  if (type === 'info' && value !== 1) throw new ExpositionError(`${name} is of type info and must be 1`);
  if (type === 'stateset') {
    if (value !== 0 && value !== 1) throw new ExpositionError(`${name} is of type stateset and must be 0 or 1`);
    if (own(family.name) === undefined) throw new ExpositionError(`${name} needs the label ${family.name}`);
  }
}

function checkExemplar(name: string, { labels }: Exemplar, kind: string): void {
  if (!EXEMPLARS_ALLOWED.has(kind)) throw new ExpositionError(`${name} may not have an exemplar`);
  let codePoints = 0;
  for (const label of labels) codePoints += [...label[0]].length + [...label[1]].length;
  if (codePoints > MAX_EXEMPLAR_CODE_POINTS) {
    throw new ExpositionError(
      `the labels of an exemplar have ${codePoints} characters, ${MAX_EXEMPLAR_CODE_POINTS} are allowed`,
    );
  }
}

function rulesOf({ name, type }: Family): HistogramRules | SummaryRules | undefined {
  if (type === 'summary') return new SummaryRules(name);
  return type === 'histogram' || type === 'gaugehistogram' ? new HistogramRules(name, type) : undefined;
}
