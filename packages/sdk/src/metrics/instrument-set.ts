import type { Counter as CounterCells, Gauge as GaugeCells, Histogram as HistogramCells } from '@vedetta/metrics';
import { MetricRegistry } from '@vedetta/metrics';
import { describeError, toText } from '../text.js';
import type { Counter, Gauge, Histogram, InstrumentOptions } from './instruments.js';
import type { MeasureHost } from './measures.js';
import { exemplarOf } from './measures.js';
import { whenDone } from './when-done.js';

/** Metrics that one process may make: code that puts an id into a name must not fill the memory. */
const MAX_METRICS = 1000;
const MAX_LABELS = 20;
const MAX_BOUNDS = 200;

type Kind = 'counter' | 'gauge' | 'histogram';
type Cells = CounterCells | GaugeCells | HistogramCells;

interface Known {
  readonly kind: Kind;
  readonly labels: readonly string[];
  readonly cells: Cells;
}

/**
 * The instruments that the application makes. What cannot be made is reported, and answered with one that records nowhere: an
 * observability library has no right to stop the application.
 */
export class InstrumentSet {
  readonly #host: MeasureHost;
  readonly #maxSeries: number;
  readonly #notice: (message: () => string) => void;
  readonly #known = new Map<string, Known>();

  constructor(host: MeasureHost, maxSeries: number, notice: (message: () => string) => void) {
    this.#host = host;
    this.#maxSeries = maxSeries;
    this.#notice = notice;
  }

  /** Measurements that went to the series `other`, by metric. */
  *overflows(): Iterable<readonly [name: string, count: number]> {
    for (const [name, { cells }] of this.#known) if (cells.overflows > 0) yield [name, cells.overflows];
  }

  counter<Label extends string>(options: InstrumentOptions<Label>): Counter<Label> {
    const { labels, cells } = this.#make('counter', options);
    return new CounterHandle(this.#host, cells as CounterCells, labels, undefined) as unknown as Counter<Label>;
  }

  gauge<Label extends string>(options: InstrumentOptions<Label>): Gauge<Label> {
    const { labels, cells } = this.#make('gauge', options);
    return new GaugeHandle(this.#host, cells as GaugeCells, labels, undefined) as unknown as Gauge<Label>;
  }

  histogram<Label extends string>(
    options: InstrumentOptions<Label> & { readonly bounds?: readonly number[] },
  ): Histogram<Label> {
    const { labels, cells } = this.#make('histogram', options);
    return new HistogramHandle(this.#host, cells as HistogramCells, labels, undefined) as unknown as Histogram<Label>;
  }

  #make(kind: Kind, options: InstrumentOptions<string> & { readonly bounds?: readonly number[] }): Known {
    try {
      const { name, help = '', labels = [], maxSeries = this.#maxSeries, bounds } = options;
      if (!Array.isArray(labels) || labels.length > MAX_LABELS)
        throw new RangeError(`the labels of ${toText(name, 100)} must be a list of at most ${MAX_LABELS} names`);
      if (bounds !== undefined && (!Array.isArray(bounds) || bounds.length > MAX_BOUNDS))
        throw new RangeError(`the bounds of ${toText(name, 100)} must be a list of at most ${MAX_BOUNDS} numbers`);
      const known = this.#known.get(name);
      if (known !== undefined) {
        if (known.kind === kind && String(known.labels) === String(labels)) return known;
        throw new RangeError(`there is a ${known.kind} ${name} already, with labels (${known.labels.join(', ')})`);
      }
      if (this.#known.size >= MAX_METRICS) throw new RangeError(`there are ${MAX_METRICS} metrics already`);
      const made = make(this.#host.registry, kind, {
        name,
        help: toText(help, 1000),
        labels: [...labels],
        maxSeries,
        ...(bounds === undefined ? {} : { bounds }),
      });
      this.#known.set(name, { kind, labels: [...labels], cells: made });
      return { kind, labels: [...labels], cells: made };
    } catch (error) {
      this.#notice(() => `a ${kind} was not made and records nothing: ${describeError(error).message}`);
      return { kind, labels: [], cells: make(new MetricRegistry(), kind, { name: 'nowhere', help: '' }) };
    }
  }
}

function make(registry: MetricRegistry, kind: Kind, options: Parameters<MetricRegistry['histogram']>[0]): Cells {
  switch (kind) {
    case 'counter':
      return registry.counter(options);
    case 'gauge':
      return registry.gauge(options);
    case 'histogram':
      return registry.histogram(options);
  }
}

type Labels = { readonly [name: string]: unknown } | undefined;

/** An instrument, or with `bound` values one of its series. */
abstract class Handle<C extends Cells> {
  protected readonly host: MeasureHost;
  protected readonly cells: C;
  readonly #names: readonly string[];
  readonly #bound: readonly unknown[] | undefined;

  constructor(host: MeasureHost, cells: C, names: readonly string[], bound: readonly unknown[] | undefined) {
    this.host = host;
    this.cells = cells;
    this.#names = names;
    this.#bound = bound;
  }

  /** Values in the order of the names. Throws what a getter throws. */
  protected valuesOf(labels: Labels): readonly unknown[] {
    if (this.#bound !== undefined) return this.#bound;
    const names = this.#names;
    if (names.length === 0) return NO_VALUES;
    if (labels === undefined || labels === null) return NO_VALUES;
    const values: unknown[] = [];
    for (const name of names) values.push(labels[name]);
    return values;
  }

  protected bind<H>(
    Bound: new (host: MeasureHost, cells: C, names: readonly string[], bound: readonly unknown[]) => H,
    labels: Labels,
  ): H {
    let bound: readonly unknown[] = NO_VALUES;
    try {
      bound = this.valuesOf(labels);
    } catch {
      // Getters that throw name no series: that of empty labels stands for them.
    }
    return new Bound(this.host, this.cells, this.#names, bound);
  }
}

const NO_VALUES: readonly unknown[] = [];

class CounterHandle extends Handle<CounterCells> {
  add(amount = 1, labels?: Labels): void {
    try {
      this.cells.add(this.valuesOf(labels), amount, exemplarOf(this.host, amount));
      this.host.changed();
    } catch {
      // Labels whose getters throw say nothing.
    }
  }

  with(labels?: Labels): CounterHandle {
    return this.bind(CounterHandle, labels);
  }
}

class GaugeHandle extends Handle<GaugeCells> {
  set(value: number, labels?: Labels): void {
    try {
      this.cells.set(this.valuesOf(labels), value);
      this.host.changed();
    } catch {
      // Labels whose getters throw say nothing.
    }
  }

  add(amount: number, labels?: Labels): void {
    try {
      this.cells.add(this.valuesOf(labels), amount);
      this.host.changed();
    } catch {
      // Labels whose getters throw say nothing.
    }
  }

  with(labels?: Labels): GaugeHandle {
    return this.bind(GaugeHandle, labels);
  }
}

class HistogramHandle extends Handle<HistogramCells> {
  observe(value: number, labels?: Labels): void {
    try {
      this.cells.observe(this.valuesOf(labels), value, exemplarOf(this.host, value));
      this.host.changed();
    } catch {
      // Labels whose getters throw say nothing.
    }
  }

  time<T>(fn: () => T, labels?: Labels): T {
    const startMs = performance.now();
    const observe = () => this.observe((performance.now() - startMs) / 1000, labels);
    let result: T;
    try {
      result = fn();
    } catch (error) {
      observe();
      throw error;
    }
    return whenDone(result, observe, observe);
  }

  with(labels?: Labels): HistogramHandle {
    return this.bind(HistogramHandle, labels);
  }
}
