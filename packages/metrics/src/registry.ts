import { Counter } from './counter.js';
import { Gauge } from './gauge.js';
import { DURATION_BOUNDS_SECONDS, Histogram } from './histogram.js';
import type { CollectedFamily, Collector, MetricDescription } from './metric-family.js';

/** How a metric is made; the help is for people who see its name for the first time. */
export type MetricOptions = Omit<MetricDescription, 'labels'> & {
  readonly labels?: readonly string[];
  /** Series beyond this many go to one whose labels are all `other`. 2,000 by default. */
  readonly maxSeries?: number;
};

const DEFAULT_MAX_SERIES = 2000;

/** Metrics by name. */
export class MetricRegistry {
  readonly #collectors = new Map<string, Collector>();

  /** Throws when the name is taken or no name. */
  counter(options: MetricOptions): Counter {
    return this.#add(options.name, new Counter(describe(options), options.maxSeries ?? DEFAULT_MAX_SERIES));
  }

  /** Throws when the name is taken or no name. */
  gauge(options: MetricOptions): Gauge {
    return this.#add(options.name, new Gauge(describe(options), options.maxSeries ?? DEFAULT_MAX_SERIES));
  }

  /** Bounds are those of durations in seconds by default. Throws when the name is taken or no name, or the bounds do not ascend. */
  histogram(options: MetricOptions & { readonly bounds?: readonly number[] }): Histogram {
    const bounds = options.bounds ?? DURATION_BOUNDS_SECONDS;
    return this.#add(options.name, new Histogram(describe(options), bounds, options.maxSeries ?? DEFAULT_MAX_SERIES));
  }

  /** Asks the collector under the name each time metrics are collected. Throws when the name is taken. */
  collector(name: string, collector: Collector): void {
    this.#add(name, collector);
  }

  /** Whether there is a metric of that name. */
  has(name: string): boolean {
    return this.#collectors.has(name);
  }

  /** The same as {@link MetricRegistry.collect}, at once: a collector that gives a promise is left out. */
  snapshot(onError: (name: string, error: unknown) => void): readonly CollectedFamily[] {
    const families: CollectedFamily[] = [];
    for (const [name, collector] of this.#collectors) {
      try {
        const family = collector.collect();
        if (family instanceof Promise) family.catch((error: unknown) => onError(name, error));
        else families.push(family);
      } catch (error) {
        onError(name, error);
      }
    }
    return families.sort(byName);
  }

  /** All metrics as they are now, by name. A collector that fails is left out and handed to `onError`. */
  async collect(onError: (name: string, error: unknown) => void): Promise<readonly CollectedFamily[]> {
    const families = await Promise.all(
      [...this.#collectors].map(async ([name, collector]) => {
        try {
          return await collector.collect();
        } catch (error) {
          onError(name, error);
          return undefined;
        }
      }),
    );
    return families.filter((family) => family !== undefined).sort(byName);
  }

  #add<C extends Collector>(name: string, collector: C): C {
    if (this.#collectors.has(name)) throw new RangeError(`there is a metric ${name} already`);
    this.#collectors.set(name, collector);
    return collector;
  }
}

function byName(a: CollectedFamily, b: CollectedFamily): number {
  return a.name < b.name ? -1 : 1;
}

function describe({ name, help, labels = [] }: MetricOptions): MetricDescription {
  return { name, help, labels };
}
