import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CollectedFamily, TextFormat } from '@vedetta/metrics';
import { CONTENT_TYPES, chooseFormat, computedGauge, MetricRegistry, writeTextParts } from '@vedetta/metrics';
import { HostSampler } from '@vedetta/metrics/host';
import { MetricsPush } from '../otlp/metrics-push.js';
import type { SinkStats } from '../sink.js';
import type { SpanRecord } from '../span-record.js';
import { describeError, toText } from '../text.js';
import { AiMeasures } from './ai-measures.js';
import { Collection } from './collection.js';
import type { HttpRequestFacts } from './facts.js';
import { Helpers } from './helpers.js';
import type { HttpCalls } from './http-calls.js';
import { HttpMeasures, HttpSizeMeasures } from './http-measures.js';
import { InstrumentSet } from './instrument-set.js';
import type { Counter, Gauge, Histogram, InstrumentOptions } from './instruments.js';
import type { CurrentTrace, MeasureHost } from './measures.js';
import { mergeFamilies } from './merge-families.js';
import type { Metrics, MetricsPage, MetricsStats } from './metrics.js';
import type { ResolvedMetricsOptions } from './metrics-options.js';
import { DEFAULT_MAX_SERIES } from './metrics-options.js';

/** What metrics need from their monitor. */
export interface MetricsParts {
  /** `undefined` for a monitor that records nothing: instruments work, and nothing is collected or pushed. */
  readonly options: ResolvedMetricsOptions | undefined;
  readonly serviceName: string;
  readonly notice: (message: () => string) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly trace: () => CurrentTrace | undefined;
}

/** A page of very many series takes tens of milliseconds to write: the application's own work goes between. */
const MAX_TURN_MS = 5;

const NOTHING: SinkStats = { offered: 0, delivered: 0, dropped: 0, queued: 0 };

/**
 * See {@link Metrics}. Two registries: what the application states, machine and process are pushed; what follows from spans that
 * are sent is shown at `/metrics` too, but pushed only to receivers that do not derive it themselves.
 */
export class AppMetrics extends Helpers implements Metrics, HttpCalls {
  readonly #parts: MetricsParts;
  readonly #stated: MetricRegistry;
  readonly #derived = new MetricRegistry();
  readonly #instruments: InstrumentSet;
  readonly #collection: Collection | undefined;
  readonly #push: MetricsPush | undefined;
  readonly #startUnixMs: number;
  readonly #derivedHost: MeasureHost;
  readonly #timer: NodeJS.Timeout | undefined;
  #derivedHttp: HttpMeasures | undefined;
  #httpSizes: HttpSizeMeasures | undefined;
  #derivedAi: AiMeasures | undefined;
  #changes = 0;
  #pushedChanges = 0;
  #isStopped = false;

  constructor(parts: MetricsParts) {
    const registry = new MetricRegistry();
    const { options, now, trace, notice, serviceName } = parts;
    const changed = () => {
      this.#changes += 1;
    };
    const host: MeasureHost = { registry, now, trace, changed };
    super(host, notice);
    this.#parts = parts;
    this.#stated = registry;
    // What is not pushed is no reason to push.
    const isPushed = options?.push?.derived === true;
    this.#derivedHost = { ...host, registry: this.#derived, changed: isPushed ? changed : () => {} };
    this.#startUnixMs = now();
    this.#instruments = new InstrumentSet(host, options?.maxSeries ?? DEFAULT_MAX_SERIES, notice);
    this.#registerOwn();
    if (options === undefined) return;
    const { collect, diskPath, push, intervalMs } = options;
    if (collect !== false) {
      const sampler = collect === 'all' ? new HostSampler({ dataDir: diskPath, now }) : undefined;
      this.#collection = this.attempt(() => new Collection(registry, sampler));
    }
    if (push !== undefined) this.#push = this.attempt(() => new MetricsPush(push, serviceName, notice));
    this.#collection?.look();
    this.#timer = setInterval(() => void this.collect(), intervalMs).unref();
  }

  counter<const Label extends string = never>(options: InstrumentOptions<Label>): Counter<Label> {
    return this.#instruments.counter(options);
  }

  gauge<const Label extends string = never>(options: InstrumentOptions<Label>): Gauge<Label> {
    return this.#instruments.gauge(options);
  }

  histogram<const Label extends string = never>(
    options: InstrumentOptions<Label> & { readonly bounds?: readonly number[] },
  ): Histogram<Label> {
    return this.#instruments.histogram(options);
  }

  computedGauge(options: { readonly name: string; readonly help?: string }, value: () => number | undefined): void {
    this.attempt(() => {
      const { name, help } = options;
      computedGauge(this.#stated, { name, help: toText(help, 1000) }, () => {
        const current = value();
        return typeof current === 'number' && !Number.isNaN(current) ? current : undefined;
      });
    });
  }

  protected override recordSizes(request: HttpRequestFacts): void {
    this.#sizes()?.record(request);
  }

  started(): void {
    this.#sizes()?.started();
  }

  ended(facts: Parameters<HttpCalls['ended']>[0], trace: CurrentTrace): void {
    const sizes = this.#sizes();
    sizes?.ended();
    if (facts === undefined) return;
    this.#derivedHttp ??= this.attempt(() => new HttpMeasures(this.#derivedHost));
    this.#derivedHttp?.record(facts, trace);
    sizes?.record(facts);
  }

  /** Spans that ended: calls of models among them are counted. */
  recordSpans(spans: readonly SpanRecord[]): void {
    for (const span of spans) {
      if (span.kind !== 'llm') continue;
      this.#derivedAi ??= this.attempt(() => new AiMeasures(this.#derivedHost));
      this.#derivedAi?.recordSpan(span);
    }
  }

  async text(accept?: string): Promise<MetricsPage> {
    const format = chooseFormat(typeof accept === 'string' ? accept : undefined);
    try {
      await this.#collection?.first();
      return { contentType: CONTENT_TYPES[format], body: await writePage(this.#snapshot(true), format) };
    } catch (error) {
      this.#parts.notice(() => `a page of metrics could not be written: ${describeError(error).message}`);
      return { contentType: CONTENT_TYPES[format], body: format === 'openmetrics' ? '# EOF\n' : '' };
    }
  }

  async collect(): Promise<void> {
    await this.#collection?.look();
    this.attempt(() => this.#pushNow());
  }

  stats(): MetricsStats {
    let series = 0;
    for (const family of this.#snapshot(true)) series += family.series.length;
    let overflows = 0;
    for (const [, count] of this.#instruments.overflows()) overflows += count;
    return { ...(this.#push?.stats() ?? NOTHING), series, overflows };
  }

  /** Pushes what is new and resolves when it is delivered or dropped, at the latest after `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    if (this.#push === undefined) return;
    if (this.#changes > this.#pushedChanges) this.attempt(() => this.#pushNow());
    await this.#push.flush(timeoutMs);
  }

  /** The process ends: pushes what is new before it returns. */
  flushSync(timeoutMs: number): void {
    this.attempt(() => {
      if (this.#changes > this.#pushedChanges) this.#pushNow();
      this.#push?.flushSync(timeoutMs);
    });
  }

  /** Ends the collection. Instruments go on to work, and nothing is pushed. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.attempt(() => this.#collection?.stop());
    this.#push?.close();
  }

  #pushNow(): void {
    if (this.#push === undefined || this.#isStopped || !this.#push.isOpen) return;
    this.#pushedChanges = this.#changes;
    const times = { startUnixMs: this.#startUnixMs, timeUnixMs: this.#parts.now() };
    this.#push.push(this.#snapshot(this.#push.derived), times);
  }

  #snapshot(withDerived: boolean): readonly CollectedFamily[] {
    // What a callback of the application's throws leaves its metric out.
    const ignore = () => {};
    const stated = this.#stated.snapshot(ignore);
    return withDerived ? mergeFamilies(stated, this.#derived.snapshot(ignore)) : stated;
  }

  #sizes(): HttpSizeMeasures | undefined {
    this.#httpSizes ??= this.attempt(() => new HttpSizeMeasures(this.host));
    return this.#httpSizes;
  }

  /** What is lost is shown where everything else is. */
  #registerOwn(): void {
    const overflows = {
      name: 'vedetta_sdk_series_overflows_total',
      help: 'Measurements that went to a series "other", because their metric had as many series as it may.',
      labels: ['metric'],
    };
    this.#stated.collector(overflows.name, {
      collect: () => ({
        ...overflows,
        kind: 'counter',
        series: Array.from(this.#instruments.overflows(), ([name, value]) => ({ labelValues: [name], value })),
      }),
    });
    const points = {
      name: 'vedetta_sdk_metric_points_total',
      help: 'Points of metrics that were pushed, by what became of them.',
      labels: ['outcome'],
    };
    this.#stated.collector(points.name, {
      collect: () => {
        const stats = this.#push?.stats();
        const outcomes = stats === undefined ? [] : (['delivered', 'dropped'] as const);
        const series = outcomes.map((outcome) => ({ labelValues: [outcome], value: stats?.[outcome] ?? 0 }));
        return { ...points, kind: 'counter', series };
      },
    });
  }
}

async function writePage(families: readonly CollectedFamily[], format: TextFormat): Promise<string> {
  let page = '';
  let turnMs = performance.now();
  for (const part of writeTextParts(families, format)) {
    page += part;
    if (performance.now() - turnMs < MAX_TURN_MS) continue;
    await nextTurn();
    turnMs = performance.now();
  }
  return page;
}
