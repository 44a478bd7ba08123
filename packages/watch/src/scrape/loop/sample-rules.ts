import type { LabelPairs } from '@vedetta/query';
import type { ScrapeConfig, ScrapeLimits } from '../config/scrape-config.js';
import type { LabelMap } from '../labels.js';
import { METRIC_NAME_LABEL, toPairs } from '../labels.js';
import { relabel } from '../relabel/relabel.js';
import type { PageSample } from './page.js';

/** What a job does to the samples of its targets. */
export type SampleRules = Pick<
  ScrapeConfig,
  'honorLabels' | 'honorTimestamps' | 'trackTimestampsStaleness' | 'metricRelabel'
> & {
  readonly limits: Pick<ScrapeLimits, 'samples' | 'labels' | 'labelNameBytes' | 'labelValueBytes'>;
};

/** A page that breaks a limit, or the rules of labels: it fails whole. */
export class PageRefused extends Error {
  override readonly name = 'PageRefused';
}

const EXPORTED_PREFIX = 'exported_';
/** As much of a name as messages show. */
const SHOWN = 50;

/** The labels under which a sample is stored; `undefined` when relabelling dropped it. Throws {@link PageRefused}. */
export function storedLabels(sample: PageSample, target: LabelPairs, rules: SampleRules): LabelPairs | undefined {
  const labels: LabelMap = new Map(sample.labels);
  labels.set(METRIC_NAME_LABEL, sample.name);
  addTargetLabels(labels, target, rules.honorLabels);
  if (!relabel(labels, rules.metricRelabel)) return undefined;
  const pairs = toPairs(labels);
  if (pairs.length === 0) return undefined;
  if (!pairs.some(([name]) => name === METRIC_NAME_LABEL)) {
    throw new PageRefused(`relabelling took the name of ${sample.name.slice(0, SHOWN)}`);
  }
  checkLimits(pairs, rules.limits);
  return pairs;
}

/** The labels of a series about the scrape itself, such as `up`. */
export function reportLabels(name: string, target: LabelPairs): LabelPairs {
  const labels: LabelMap = new Map([[METRIC_NAME_LABEL, name]]);
  addTargetLabels(labels, target, false);
  return toPairs(labels);
}

/** Where both have a label, the target's counts and the sample's goes on as `exported_<name>`, or the sample's counts. */
function addTargetLabels(labels: LabelMap, target: LabelPairs, honorLabels: boolean): void {
  const conflicts: (readonly [string, string])[] = [];
  for (const [name, value] of target) {
    const exposed = labels.get(name);
    // An empty label that is honoured keeps the target's away.
    if (honorLabels && exposed !== undefined) continue;
    if (exposed !== undefined && exposed !== '') conflicts.push([name, exposed]);
    labels.set(name, value);
  }
  // Short names first: what `exported_a` becomes must not depend on the order of the page.
  conflicts.sort(([a], [b]) => a.length - b.length);
  for (const [name, value] of conflicts) {
    let free = EXPORTED_PREFIX + name;
    while ((labels.get(free) ?? '') !== '') free = EXPORTED_PREFIX + free;
    labels.set(free, value);
  }
}

function checkLimits(pairs: LabelPairs, limits: SampleRules['limits']): void {
  const { labels, labelNameBytes, labelValueBytes } = limits;
  const metric = (): string => (pairs.find(([name]) => name === METRIC_NAME_LABEL)?.[1] ?? '').slice(0, SHOWN);
  if (labels > 0 && pairs.length > labels) {
    throw new PageRefused(
      `label_limit exceeded (metric: ${metric()}, number of labels: ${pairs.length}, limit: ${labels})`,
    );
  }
  if (labelNameBytes === 0 && labelValueBytes === 0) return;
  for (const [name, value] of pairs) {
    if (isLonger(name, labelNameBytes)) {
      const length = Buffer.byteLength(name);
      throw new PageRefused(
        `label_name_length_limit exceeded (metric: ${metric()}, label name: ${name.slice(0, SHOWN)}, length: ${length}, limit: ${labelNameBytes})`,
      );
    }
    if (isLonger(value, labelValueBytes)) {
      const length = Buffer.byteLength(value);
      throw new PageRefused(
        `label_value_length_limit exceeded (metric: ${metric()}, label name: ${name.slice(0, SHOWN)}, length: ${length}, limit: ${labelValueBytes})`,
      );
    }
  }
}

function isLonger(text: string, limitBytes: number): boolean {
  return limitBytes > 0 && text.length * 3 > limitBytes && Buffer.byteLength(text) > limitBytes;
}
