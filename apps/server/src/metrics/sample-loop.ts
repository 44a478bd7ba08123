import type { CollectedFamily, CollectedSeries, MetricRegistry } from '@vedetta/metrics';
import type { Labels, SampleStore, SeriesSamples } from '@vedetta/store';
import { toLabels } from '@vedetta/store';
import type { Logger } from 'pino';

/** What the loop is made of. */
export interface SampleLoopParts {
  readonly registry: MetricRegistry;
  readonly samples: Pick<SampleStore, 'write'>;
  readonly intervalSeconds: number;
  /** Address of the server, as a scrape would name it: `127.0.0.1:8080`. */
  readonly instance: () => string;
  readonly log: Pick<Logger, 'warn'>;
  readonly now: () => number;
}

/** Series beyond this are looked up by their labels again: a registry holds fewer. */
const MAX_KNOWN = 100_000;

/** Stores everything at `/metrics` as samples, on a schedule, as a scrape of the server by itself would. Keeps no process alive. */
export class SampleLoop {
  readonly #parts: SampleLoopParts;
  /** The same object for the same series each time: the store finds it without comparing labels. */
  readonly #known = new Map<string, Labels>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: SampleLoopParts) {
    this.#parts = parts;
  }

  start(): void {
    const turn = (): void => {
      this.#running = this.#running.then(() => this.collect()).catch((error: unknown) => this.#complain(error));
    };
    turn();
    this.#timer = setInterval(turn, this.#parts.intervalSeconds * 1000).unref();
  }

  /** Ends the schedule; resolves when what is under way is stored. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Stores the metrics as they are now. */
  async collect(): Promise<void> {
    const { registry, samples, now, log } = this.#parts;
    const families = await registry.collect((metric, err) =>
      log.warn({ metric, err }, 'a metric could not be collected'),
    );
    const timestampMs = now();
    const series: SeriesSamples[] = [];
    const push = (name: string, pairs: readonly (readonly [string, string])[], value: number): void => {
      const labels = this.#labelsOf(name, pairs);
      if (labels === undefined) return;
      series.push({ labels, timestampsMs: Float64Array.of(timestampMs), values: Float64Array.of(value) });
    };
    for (const family of families) for (const one of family.series) pushSeries(family, one, push);
    const outcome = await samples.write(series);
    if (outcome.kind === 'failed') this.#complain(outcome.message);
  }

  #labelsOf(name: string, pairs: readonly (readonly [string, string])[]): Labels | undefined {
    const key = JSON.stringify([name, pairs]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const labels = toLabels([['__name__', name], ['job', 'vedetta'], ['instance', this.#parts.instance()], ...pairs]);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    if (labels !== undefined) this.#known.set(key, labels);
    return labels;
  }

  #complain(reason: unknown): void {
    this.#parts.log.warn({ err: reason }, 'metrics could not be stored; the next ones are tried');
  }
}

type Push = (name: string, pairs: readonly (readonly [string, string])[], value: number) => void;

/** The series of the classic format: a histogram is its buckets, sum and count. */
function pushSeries(family: CollectedFamily, series: CollectedSeries, push: Push): void {
  const pairs = family.labels.map((label, i) => [label, series.labelValues[i] ?? ''] as const);
  if (family.kind !== 'histogram') {
    push(family.name, pairs, series.value ?? 0);
    return;
  }
  let cumulative = 0;
  for (const [i, count] of (series.bucketCounts ?? []).entries()) {
    cumulative += count;
    push(
      `${family.name}_bucket`,
      [...pairs, ['le', family.bounds?.[i] === undefined ? '+Inf' : String(family.bounds[i])]],
      cumulative,
    );
  }
  push(`${family.name}_sum`, pairs, series.sum ?? 0);
  push(`${family.name}_count`, pairs, series.count ?? 0);
}
