import type { CollectedFamily, CollectedSeries, SampledExemplar } from './metric-family.js';

/** The text formats of Prometheus: the classic one, and OpenMetrics 1.0, which has exemplars. */
export type TextFormat = 'text' | 'openmetrics';

/** `Content-Type` of each format. */
export const CONTENT_TYPES: Readonly<Record<TextFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores',
};

/**
 * The format that an `Accept` header asks for: OpenMetrics when it is named with a weight not below that of the classic format,
 * as Prometheus does. Sources: Prometheus, "Content negotiation".
 */
export function chooseFormat(accept: string | undefined): TextFormat {
  let best: { format: TextFormat; weight: number } = { format: 'text', weight: 0 };
  for (const part of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const version = parameterOf(parameters, 'version');
    const weight = Number(parameterOf(parameters, 'q') ?? '1');
    if (!(weight > best.weight)) continue;
    if (
      type === 'application/openmetrics-text' &&
      (version === undefined || version === '1.0.0' || version === '0.0.1')
    ) {
      best = { format: 'openmetrics', weight };
    } else if (type === 'text/plain' || type === 'text/*' || type === '*/*') best = { format: 'text', weight };
  }
  return best.format;
}

/** Families as a page of metrics. */
export function writeText(families: readonly CollectedFamily[], format: TextFormat): string {
  let page = '';
  for (const part of writeTextParts(families, format)) page += part;
  return page;
}

/** Series in one part: written in well under a millisecond. */
const PART_SERIES = 50;

/** The same in parts, for who must give way to other work between them. */
export function* writeTextParts(families: readonly CollectedFamily[], format: TextFormat): Generator<string> {
  for (const family of families) yield* writeFamily(family, format === 'openmetrics');
  if (format === 'openmetrics') yield '# EOF\n';
}

function* writeFamily(family: CollectedFamily, open: boolean): Generator<string> {
  // OpenMetrics names a counter's family without the suffix of its samples.
  const counter = family.kind === 'counter';
  const base = counter ? family.name.replace(/_total$/, '') : family.name;
  const name = open ? base : family.name;
  const sample = counter && open ? `${base}_total` : family.name;
  const bounds = (family.bounds ?? []).map((bound) => toBound(bound, open));
  let text = `# HELP ${name} ${escapeHelp(family.help, open)}\n# TYPE ${name} ${family.kind}\n`;
  let count = 0;
  for (const series of family.series) {
    const labels = labelsOf(family, series);
    if (family.kind === 'histogram') text += writeHistogram(name, bounds, series, labels, open);
    else {
      const suffix = counter && open ? exemplarOf(series, 0) : '';
      text += `${sample}${braces(labels)} ${toFloat(series.value ?? 0)}${suffix}\n`;
    }
    count += 1;
    if (count % PART_SERIES === 0) {
      yield text;
      text = '';
    }
  }
  yield text;
}

/** `a="x",b="y"`; `''` for no labels. */
function labelsOf({ labels }: CollectedFamily, { labelValues }: CollectedSeries): string {
  let text = '';
  for (let i = 0; i < labels.length; i += 1) {
    text += `${i === 0 ? '' : ','}${labels[i]}="${escapeLabelValue(labelValues[i] ?? '')}"`;
  }
  return text;
}

function writeHistogram(
  name: string,
  bounds: readonly string[],
  series: CollectedSeries,
  labels: string,
  open: boolean,
): string {
  const { bucketCounts = [], exemplars } = series;
  const start = `${name}_bucket{${labels}${labels === '' ? '' : ','}le="`;
  let text = '';
  let cumulative = 0;
  for (let i = 0; i <= bounds.length; i += 1) {
    cumulative += bucketCounts[i] ?? 0;
    const suffix = open && exemplars !== undefined ? exemplarOf(series, i) : '';
    text += `${start}${bounds[i] ?? '+Inf'}"} ${cumulative}${suffix}\n`;
  }
  const own = braces(labels);
  return `${text}${name}_sum${own} ${toFloat(series.sum ?? 0)}\n${name}_count${own} ${series.count ?? 0}\n`;
}

function exemplarOf({ exemplars }: CollectedSeries, index: number): string {
  const exemplar: SampledExemplar | undefined = exemplars?.[index];
  if (exemplar === undefined) return '';
  const labels = Object.entries(exemplar.labels).map(([name, value]) => `${name}="${escapeLabelValue(value)}"`);
  return ` # {${labels.join(',')}} ${toFloat(exemplar.value)} ${(exemplar.timestampMs / 1000).toFixed(3)}`;
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

/** OpenMetrics wants bounds as floats always: `1.0`. */
function toBound(bound: number, open: boolean): string {
  const text = toFloat(bound);
  return open && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function toFloat(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

/** The value of a label as it stands between quotes in the text formats. */
export function escapeLabelValue(text: string): string {
  return /[\\"\n]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : text;
}

function escapeHelp(text: string, open: boolean): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return open ? escaped.replaceAll('"', '\\"') : escaped;
}

function parameterOf(parameters: readonly string[], name: string): string | undefined {
  const found = parameters.find((parameter) => parameter.startsWith(`${name}=`));
  return found?.slice(name.length + 1).replaceAll('"', '');
}
