import { escapeLabelValue } from '@vedetta/metrics';
import type { LabelPairs, SelectLimits } from '@vedetta/query';
import { findStale, LabelSet, METRIC_NAME } from '@vedetta/query';
import { ApiError } from './envelope.js';
import type { Parameters } from './parameters.js';
import type { SampleSource } from './sample-source.js';
import { readSelectors } from './series-questions.js';
import { writeValue } from './write-result.js';

/** As far back as Prometheus looks for the last sample of a series. */
const LOOK_BACK_MS = 5 * 60_000;
/** Lines that are written at once. */
const PART_LINES = 500;

/**
 * The last sample of every series that a `match[]` lets pass, as the page of a target: another Prometheus scrapes it to have what
 * was pushed here (https://prometheus.io/docs/prometheus/latest/federation/). In parts; series that ended are left out, and so are
 * native histograms, which the text format cannot say.
 */
export async function federate(
  source: SampleSource,
  parameters: Parameters,
  nowMs: number,
  limits: SelectLimits,
): Promise<Iterable<string>> {
  const found = new Map<string, Last>();
  for (const matchers of readSelectors(parameters, { emptySelectors: true })) {
    const range = { fromMs: nowMs - LOOK_BACK_MS, toMs: nowMs };
    const outcome = await source.select(matchers, range, limits, { stepMs: 0, rangeMs: 0, functionName: '' });
    if (outcome.kind === 'too_large') throw new ApiError('execution', outcome.message);
    for (const { labels, timestampsMs, values, histograms } of outcome.series) {
      const at = timestampsMs.length - 1;
      if (at < 0 || histograms?.[at] !== undefined || findStale(values.subarray(at)) !== undefined) continue;
      const name = labels.find(([label]) => label === METRIC_NAME)?.[1] ?? '';
      const last = { name, labels, timestampMs: timestampsMs[at] ?? 0, value: values[at] ?? Number.NaN };
      found.set(new LabelSet(labels).key, last);
    }
  }
  return writeLines(
    [...found].sort((a, b) => order(a[1].name, b[1].name) || order(a[0], b[0])).map(([, last]) => last),
  );
}

interface Last {
  readonly name: string;
  readonly labels: LabelPairs;
  readonly timestampMs: number;
  readonly value: number;
}

function* writeLines(all: readonly Last[]): Generator<string> {
  let before: string | undefined;
  for (let from = 0; from < all.length; from += PART_LINES) {
    let text = '';
    for (const { name, labels, timestampMs, value } of all.slice(from, from + PART_LINES)) {
      const written = plainName(name, true);
      if (name !== before) text += `# TYPE ${written} untyped\n`;
      before = name;
      text += `${written}{${writeOwnLabels(labels)}} ${writeValue(value)} ${timestampMs}\n`;
    }
    yield text;
  }
}

/** All but the name. A series without an instance says so, lest it be given the one it is scraped from. */
function writeOwnLabels(labels: LabelPairs): string {
  const texts: string[] = [];
  let hasInstance = false;
  for (const [label, value] of labels) {
    if (label === METRIC_NAME) continue;
    hasInstance ||= label === 'instance';
    texts.push(`${plainName(label, false)}="${escapeLabelValue(value)}"`);
  }
  if (!hasInstance) texts.push('instance=""');
  return texts.join(',');
}

/** Names that the text format has no room for are written with underscores, as Prometheus does for those who do not ask for more. */
function plainName(name: string, isMetric: boolean): string {
  const plain = name.replace(isMetric ? /[^\w:]/g : /\W/g, '_');
  return /^\d/.test(plain) ? `_${plain}` : plain;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
