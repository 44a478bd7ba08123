import type { LabelPairs } from '@vedetta/query';
import type { ScrapeSettings } from './config/parse-scrape-file.js';
import { pairsKey, toPairs } from './labels.js';
import type { PageMetadata, PageSource } from './loop/page.js';
import type { SampleRules } from './loop/sample-rules.js';
import type { ScrapeCounters, TargetState } from './loop/scrape-loop.js';
import { ScrapeLoop } from './loop/scrape-loop.js';
import type { EarlierLoops, PoolParts } from './scrape-pool.js';
import { ScrapePool } from './scrape-pool.js';
import type { Target } from './targets/target.js';

/** A target inside this process, scraped without HTTP. */
export interface InProcessTarget {
  readonly jobName: string;
  readonly instance: string;
  /** Where the same page can be had over HTTP, to be shown. */
  readonly url: string;
  readonly intervalMs: number;
  readonly source: PageSource;
}

/** What the watch needs from outside. */
export type ScrapeWatchParts = Omit<PoolParts, 'counters' | 'isOwn'>;

/** A target as it is now. */
export interface ScrapedTarget extends TargetState {
  readonly pool: string;
  readonly labels: LabelPairs;
  /** Before relabelling. */
  readonly discovered: LabelPairs;
  readonly url: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Of the latest page that could be read. */
  readonly metadata: readonly PageMetadata[];
}

/** A job as it is now. */
export interface ScrapedPool {
  readonly name: string;
  readonly targets: readonly ScrapedTarget[];
  /** Dropped by relabelling; at most some thousands are named, all are counted. */
  readonly dropped: readonly { readonly discovered: LabelPairs }[];
  readonly droppedCount: number;
}

const IN_PROCESS_RULES: SampleRules = {
  honorLabels: false,
  honorTimestamps: true,
  trackTimestampsStaleness: false,
  metricRelabel: [],
  limits: { samples: 0, labels: 0, labelNameBytes: 0, labelValueBytes: 0 },
};

interface InProcess {
  readonly target: InProcessTarget;
  readonly labels: LabelPairs;
  readonly loop: ScrapeLoop;
}

/**
 * Scrapes targets as Prometheus does and hands their samples on, with `up` and its companions, markers of staleness for series and
 * targets that are gone, and times spread over the interval. A target that hangs delays no other and has one scrape under way at most.
 */
export class ScrapeWatch {
  readonly #parts: PoolParts;
  readonly #counters: ScrapeCounters = {
    scrapes: 0,
    failed: 0,
    skipped: 0,
    stored: 0,
    duplicate: 0,
    rejected: 0,
    lost: 0,
  };
  readonly #inProcess: InProcess[] = [];
  #pools: readonly ScrapePool[] = [];
  #changing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: ScrapeWatchParts) {
    this.#parts = { ...parts, counters: this.#counters, isOwn: (target) => this.#isOwn(target) };
  }

  /** Totals since the start. */
  get counters(): Readonly<ScrapeCounters> {
    return this.#counters;
  }

  /** Scrapes something of this process from now on. A configured target with the same labels, or at the same address, is left out. */
  add(target: InProcessTarget): void {
    const { jobName, instance, intervalMs, source } = target;
    const labels = toPairs(
      new Map([
        ['job', jobName],
        ['instance', instance],
      ]),
    );
    const { sink, exemplars, now, onSinkTrouble } = this.#parts;
    const loop = new ScrapeLoop({
      key: pairsKey(labels),
      labels,
      intervalMs,
      timeoutMs: intervalMs,
      rules: IN_PROCESS_RULES,
      source,
      sink,
      exemplars,
      counters: this.#counters,
      now,
      onSinkTrouble,
    });
    this.#inProcess.push({ target, labels, loop });
    loop.start();
  }

  /**
   * Scrapes what these settings say, and no longer what those before said. Jobs that stay as they are go on undisturbed, targets that
   * stay keep their series; those that are gone get markers. Resolves when the files of targets were read once.
   */
  apply(settings: ScrapeSettings): Promise<void> {
    const change = this.#changing.then(() => this.#change(settings));
    // What failed once must not keep the next change away; the caller hears of it.
    this.#changing = change.catch(() => undefined);
    return change;
  }

  /** Ends all scrapes. Series are left as they are: a restart is no reason for a gap. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#changing;
    await Promise.all([...this.#pools.map((pool) => pool.stop()), ...this.#inProcess.map(({ loop }) => loop.stop())]);
  }

  /** All jobs with their targets, those of this process first. */
  pools(): readonly ScrapedPool[] {
    const own = this.#inProcess.map(({ target, labels, loop }): ScrapedPool => {
      const { intervalMs, url, jobName } = target;
      const place = { pool: jobName, labels, discovered: labels, url, intervalMs, timeoutMs: intervalMs };
      return {
        name: jobName,
        targets: [{ ...place, ...loop.state, metadata: loop.metadata }],
        dropped: [],
        droppedCount: 0,
      };
    });
    return [
      ...own,
      ...this.#pools.map(
        (pool): ScrapedPool => ({
          name: pool.config.jobName,
          targets: pool.targets.map(({ target, loop }) => ({
            pool: pool.config.jobName,
            labels: target.labels,
            discovered: target.discovered,
            url: target.url,
            intervalMs: target.intervalMs,
            timeoutMs: target.timeoutMs,
            ...loop.state,
            metadata: loop.metadata,
          })),
          dropped: pool.dropped,
          droppedCount: pool.droppedCount,
        }),
      ),
    ];
  }

  #isOwn({ url, labels }: Target): boolean {
    const key = pairsKey(labels);
    const { origin } = new URL(url);
    return this.#inProcess.some((own) => pairsKey(own.labels) === key || new URL(own.target.url).origin === origin);
  }

  async #change(settings: ScrapeSettings): Promise<void> {
    if (this.#stopped) return;
    const same = new Map<string, ScrapePool>();
    for (const pool of this.#pools) {
      if (settings.jobs.some(({ source }) => source === pool.config.source)) same.set(pool.config.source, pool);
    }
    const changed = this.#pools.filter((pool) => !same.has(pool.config.source));
    const earlier: EarlierLoops = new Map();
    for (const { target, loop } of (await Promise.all(changed.map((pool) => pool.stop()))).flat()) {
      const key = pairsKey(target.labels);
      earlier.set(key, [...(earlier.get(key) ?? []), loop]);
    }
    const begun: ScrapePool[] = [];
    this.#pools = settings.jobs.map((job) => {
      const kept = same.get(job.source);
      if (kept !== undefined) return kept;
      const pool = new ScrapePool(job, this.#parts);
      begun.push(pool);
      return pool;
    });
    await Promise.all(begun.map((pool) => pool.start(earlier)));
    // Whatever nobody goes on for is gone.
    await Promise.all([...earlier.values()].flat().map((loop) => loop.takeLeave()));
  }
}
