import type { AttributeBag } from '../otlp/attribute-bag.js';
import type { DeltaBatch } from './delta-state.js';
import { DeltaState } from './delta-state.js';
import { PointSeries, toPushed } from './exemplars.js';
import type { MetricCollector } from './metric-collector.js';
import { labelValue, metricName, unitWord } from './names.js';
import type { Metric, Point } from './point.js';
import { NO_EXEMPLARS, NO_RECORDED_VALUE } from './point.js';
import { SampleBatch } from './sample-batch.js';
import type { SeriesLabels } from './series-cache.js';
import { attributeKey, attributeLabels, SeriesCache, sortLabels } from './series-cache.js';
import { problemOf, toSamples } from './series-samples.js';
import type { PushedExemplar, PushedMetadata, TranslatedBatch } from './translated.js';

/** Value of {@link Metric.temporality}. */
export const DELTA = 1;
const CUMULATIVE = 2;
/** Small differences can add up to wide histograms, each of many samples. */
const MAX_SAMPLES = 2_000_000;
/** Points and samples that are made in one go: some milliseconds. */
const SLICE_ITEMS = 512;
const IDENTITY = ['service.namespace', 'service.name', 'service.instance.id'];

interface Target {
  readonly key: string;
  readonly job: string;
  readonly instance: string;
  readonly attributes: AttributeBag;
  /** Of its points that were taken. */
  latestMs: number;
}

/** Makes Prometheus' series of data points. Keeps what it needs between bodies: labels, and the sums of differences. */
export class MetricTranslator {
  readonly #series = new SeriesCache();
  readonly #deltas = new DeltaState();
  /** When each `target_info` was handed out last. */
  readonly #infoMs = new WeakMap<SeriesLabels, number>();

  /** Yields between slices of the work. */
  *translate(collector: MetricCollector): Generator<void, TranslatedBatch> {
    const samples = new SampleBatch();
    const batch = this.#deltas.begin();
    const targets = new Map<AttributeBag, Target>();
    const metadata: PushedMetadata[] = [];
    const exemplars: PushedExemplar[] = [];
    let droppedExemplars = collector.droppedExemplars;
    let points = 0;
    let sliceEnd = SLICE_ITEMS;
    let seen = 0;
    const sliceDone = (): boolean => {
      seen += 1;
      if (seen + samples.count < sliceEnd) return false;
      sliceEnd = seen + samples.count + SLICE_ITEMS;
      return true;
    };
    for (const metric of collector.metrics) {
      if (sliceDone()) yield;
      const name = metricName(metric);
      const problem = problemOfMetric(metric, name);
      if (problem === '') metadata.push(toMetadata(metric, name));
      let target = targets.get(metric.resource);
      if (target === undefined) {
        target = toTarget(metric.resource);
        targets.set(metric.resource, target);
      }
      for (const point of metric.points) {
        if (sliceDone()) yield;
        const stale = (point.flags & NO_RECORDED_VALUE) !== 0;
        const reason = problem === '' ? problemOf(metric.kind, point, stale) : problem;
        if (reason !== '') collector.reject(reason);
        else if (samples.count >= MAX_SAMPLES) collector.reject(`a body may become ${MAX_SAMPLES} samples`);
        else {
          points += 1;
          // Sums are kept from body to body, and must not keep these.
          const { exemplars: own } = point;
          point.exemplars = NO_EXEMPLARS;
          const series = own.length > 0 && !stale ? new PointSeries() : undefined;
          const taken = this.#point(metric, name, target, point, stale, batch, samples, series);
          if (series === undefined || !taken) continue;
          for (const exemplar of own) {
            const pushed = toPushed(exemplar, metric.kind, point, series);
            if (pushed === undefined) droppedExemplars += 1;
            else exemplars.push(pushed);
          }
        }
      }
    }
    for (const target of targets.values()) {
      if (sliceDone()) yield;
      this.#targetInfo(target, samples);
    }
    exemplars.sort((a, b) => a.timestampMs - b.timestampMs);
    return {
      rows: yield* samples.toRows(),
      points,
      rejected: collector.rejected,
      metadata,
      exemplars,
      droppedExemplars,
      commit: () => batch.commit(),
    };
  }

  /** False when it was sent again, and adds nothing. */
  #point(
    { kind, temporality }: Metric,
    name: string,
    target: Target,
    source: Point,
    stale: boolean,
    batch: DeltaBatch,
    samples: SampleBatch,
    series: PointSeries | undefined,
  ): boolean {
    const key = `${name}\u0000${kind}\u0000${target.key}\u0000${attributeKey(source.attributes)}`;
    const isDelta = temporality === DELTA && kind !== 'gauge' && kind !== 'summary';
    const point = isDelta && !stale ? batch.add(key, source) : source;
    if (point === undefined) return false;
    target.latestMs = Math.max(target.latestMs, point.timeMs);
    let base: Map<string, string> | undefined;
    toSamples(kind, point, (suffix, extra, value) => {
      const labels = this.#series.get(`${key}\u0000${suffix}\u0000${extra?.[1] ?? ''}`, () => {
        base ??= baseLabels(source.attributes, target);
        const all = new Map(base).set('__name__', name + suffix);
        return sortLabels(extra === undefined ? all : all.set(extra[0], extra[1]));
      });
      samples.add(labels, point.timeMs, value, stale);
      series?.add(suffix, labels);
    });
    return true;
  }

  /** The rest of what is known of a target, as a series whose value is 1. */
  #targetInfo(target: Target, samples: SampleBatch): void {
    const { job, instance, attributes, latestMs } = target;
    if (latestMs === 0 || (job === '' && instance === '')) return;
    const rest = attributeLabels(attributes, IDENTITY);
    if (rest.size === 0) return;
    const labels: SeriesLabels = this.#series.get(`target_info\u0000\u0000${target.key}`, () =>
      sortLabels(rest.set('__name__', 'target_info').set('job', job).set('instance', instance)),
    );
    // Several exporters of one process push in any order; only what is newer says anything.
    if (latestMs < (this.#infoMs.get(labels) ?? 0)) return;
    this.#infoMs.set(labels, latestMs);
    samples.add(labels, latestMs, 1, false);
  }
}

function baseLabels(attributes: AttributeBag, { job, instance }: Target): Map<string, string> {
  const labels = attributeLabels(attributes);
  if (job !== '') labels.set('job', job);
  if (instance !== '') labels.set('instance', instance);
  return labels;
}

function toTarget(attributes: AttributeBag): Target {
  const text = (key: string): string => labelValue(attributes[key] ?? null);
  const [namespace, name] = [text('service.namespace'), text('service.name')];
  return {
    key: attributeKey(attributes),
    job: namespace === '' || name === '' ? name : `${namespace}/${name}`,
    instance: text('service.instance.id'),
    attributes,
    latestMs: 0,
  };
}

function problemOfMetric({ kind, temporality }: Metric, name: string): string {
  if (name === '') return 'a metric has no name';
  if (kind === 'gauge' || kind === 'summary' || temporality === DELTA || temporality === CUMULATIVE) return '';
  return `the metric ${name} is neither delta nor cumulative`;
}

function toMetadata({ kind, monotonic, description, unit }: Metric, name: string): PushedMetadata {
  const type = kind === 'exponential' ? 'histogram' : kind === 'sum' ? (monotonic ? 'counter' : 'gauge') : kind;
  return { name, type, help: description, unit: unitWord(unit) };
}
