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
  const lines: string[] = [];
  for (const family of families) writeFamily(family, format, lines);
  if (format === 'openmetrics') lines.push('# EOF');
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function writeFamily(family: CollectedFamily, format: TextFormat, lines: string[]): void {
  const open = format === 'openmetrics';
  // OpenMetrics names a counter's family without the suffix of its samples.
  const counter = family.kind === 'counter';
  const base = counter ? family.name.replace(/_total$/, '') : family.name;
  const name = open ? base : family.name;
  lines.push(`# HELP ${name} ${escapeHelp(family.help, open)}`, `# TYPE ${name} ${family.kind}`);
  for (const series of family.series) {
    const labels = family.labels.map((label, i) => `${label}="${escapeValue(series.labelValues[i] ?? '')}"`);
    if (family.kind === 'histogram') writeHistogram(name, family, series, labels, open, lines);
    else {
      const sample = counter && open ? `${base}_total` : family.name;
      lines.push(`${sample}${braces(labels)} ${toFloat(series.value ?? 0)}${open ? exemplarOf(series, 0) : ''}`);
    }
  }
}

function writeHistogram(
  name: string,
  { bounds = [] }: CollectedFamily,
  series: CollectedSeries,
  labels: readonly string[],
  open: boolean,
  lines: string[],
): void {
  let cumulative = 0;
  for (let i = 0; i <= bounds.length; i += 1) {
    cumulative += series.bucketCounts?.[i] ?? 0;
    const bound = i === bounds.length ? '+Inf' : toBound(bounds[i] as number, open);
    lines.push(
      `${name}_bucket${braces([...labels, `le="${bound}"`])} ${cumulative}${open ? exemplarOf(series, i) : ''}`,
    );
  }
  lines.push(
    `${name}_sum${braces(labels)} ${toFloat(series.sum ?? 0)}`,
    `${name}_count${braces(labels)} ${series.count ?? 0}`,
  );
}

function exemplarOf({ exemplars }: CollectedSeries, index: number): string {
  const exemplar: SampledExemplar | undefined = exemplars?.[index];
  if (exemplar === undefined) return '';
  const labels = Object.entries(exemplar.labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return ` # {${labels.join(',')}} ${toFloat(exemplar.value)} ${(exemplar.timestampMs / 1000).toFixed(3)}`;
}

function braces(labels: readonly string[]): string {
  return labels.length === 0 ? '' : `{${labels.join(',')}}`;
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

function escapeValue(text: string): string {
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
