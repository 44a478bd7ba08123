import type { LabelPairs } from '@vedetta/query';
import type { ScrapeConfig, TargetGroup } from './config/scrape-config.js';
import { HttpClient } from './http/http-client.js';
import { pairsKey } from './labels.js';
import type { ExemplarSink } from './loop/exemplar-sink.js';
import type { ParsePage } from './loop/page.js';
import type { SampleSink } from './loop/sample-sink.js';
import type { ScrapeCounters } from './loop/scrape-loop.js';
import { ScrapeLoop } from './loop/scrape-loop.js';
import { FileTargets } from './targets/file-targets.js';
import type { Target } from './targets/target.js';
import { shownAddress, toTarget } from './targets/target.js';

/** What pools need from outside. */
export interface PoolParts {
  readonly sink: SampleSink;
  readonly exemplars: ExemplarSink;
  readonly parse: ParsePage;
  readonly counters: ScrapeCounters;
  readonly userAgent: string;
  readonly now: () => number;
  readonly onSinkTrouble: (message: string) => void;
  /** A target or a file of targets that cannot be used. */
  readonly onDiscoveryTrouble: (job: string, what: string, reason: string) => void;
  /** Whether a target is this process, which is scraped without HTTP, and so not once more with it. */
  readonly isOwn: (target: Target) => boolean;
}

/** A target with its loop. */
export interface PooledTarget {
  readonly target: Target;
  readonly loop: ScrapeLoop;
}

/** Stopped loops of before, by the labels of their targets; several may have the same. */
export type EarlierLoops = Map<string, readonly ScrapeLoop[]>;

/** A target that relabelling dropped. */
export interface DroppedTarget {
  readonly discovered: LabelPairs;
}

/** Of dropped targets this many are shown where the job sets no limit; all are counted. */
const SHOWN_DROPPED = 10_000;

/** The targets of one job. */
export class ScrapePool {
  readonly config: ScrapeConfig;
  readonly #parts: PoolParts;
  readonly #client: HttpClient;
  readonly #files: readonly FileTargets[];
  readonly #leaving = new Set<Promise<void>>();
  #targets = new Map<string, PooledTarget>();
  #dropped: readonly DroppedTarget[] = [];
  #droppedCount = 0;
  #stopped = false;

  constructor(config: ScrapeConfig, parts: PoolParts) {
    this.config = config;
    this.#parts = parts;
    this.#client = new HttpClient(config, parts.userAgent);
    this.#files = config.fileDiscoveries.map(
      (discovery) =>
        new FileTargets(discovery, {
          onChange: () => this.#sync(),
          onError: (file, reason) => parts.onDiscoveryTrouble(config.jobName, file, reason),
        }),
    );
  }

  get targets(): readonly PooledTarget[] {
    return [...this.#targets.values()];
  }

  get dropped(): readonly DroppedTarget[] {
    return this.#dropped;
  }

  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** Finds targets and starts to scrape them; resolves when the files were read once. Goes on for stopped loops of earlier targets by their labels. */
  async start(earlier: EarlierLoops = new Map()): Promise<void> {
    this.#sync(earlier);
    await Promise.all(this.#files.map((files) => files.start()));
  }

  /** Stops all loops, leaving their series as they are. Resolves when what was under way is stored. */
  async stop(): Promise<readonly PooledTarget[]> {
    this.#stopped = true;
    for (const files of this.#files) files.stop();
    const { targets } = this;
    await Promise.all([...targets.map(({ loop }) => loop.stop()), ...this.#leaving]);
    this.#client.close();
    return targets;
  }

  #sync(earlier: EarlierLoops = new Map()): void {
    if (this.#stopped) return;
    const found = this.#discover();
    for (const [key, { loop }] of this.#targets) {
      if (found.has(key)) continue;
      const leave = loop.stop().then(() => loop.takeLeave());
      this.#leaving.add(leave);
      void leave.finally(() => this.#leaving.delete(leave));
    }
    const next = new Map<string, PooledTarget>();
    for (const [key, target] of found) next.set(key, this.#targets.get(key) ?? this.#begin(target, earlier));
    this.#targets = next;
    const { targets: limit } = this.config.limits;
    const reason =
      limit > 0 && next.size > limit
        ? `target_limit exceeded (number of targets: ${next.size}, limit: ${limit})`
        : undefined;
    for (const { loop } of next.values()) loop.forcedError = reason;
  }

  #begin(target: Target, earlier: EarlierLoops): PooledTarget {
    const { sink, exemplars, parse, counters, now, onSinkTrouble } = this.#parts;
    const { key, labels, intervalMs, timeoutMs, url } = target;
    const source = this.#client.source(url, timeoutMs, parse);
    const rules = this.config;
    const loop = new ScrapeLoop({
      key,
      labels,
      intervalMs,
      timeoutMs,
      rules,
      source,
      sink,
      exemplars,
      counters,
      now,
      onSinkTrouble,
    });
    const labelKey = pairsKey(labels);
    const [before, ...rest] = earlier.get(labelKey) ?? [];
    if (before !== undefined) loop.inherit(before);
    if (rest.length > 0) earlier.set(labelKey, rest);
    else earlier.delete(labelKey);
    loop.start();
    return { target, loop };
  }

  #discover(): ReadonlyMap<string, Target> {
    const found = new Map<string, Target>();
    const dropped: DroppedTarget[] = [];
    this.#droppedCount = 0;
    const shown = this.config.limits.droppedTargets || SHOWN_DROPPED;
    for (const group of [...this.config.staticConfigs, ...this.#files.flatMap(({ groups }) => groups)]) {
      for (const labels of labelsOf(group)) {
        const outcome = toTarget(labels, this.config);
        if (outcome.kind === 'invalid') {
          const address = shownAddress(labels.get('__address__') ?? '');
          this.#parts.onDiscoveryTrouble(this.config.jobName, address, outcome.reason);
        } else if (outcome.kind === 'dropped' || this.#parts.isOwn(outcome.target)) {
          this.#droppedCount += 1;
          const { discovered } = outcome.kind === 'dropped' ? outcome : outcome.target;
          if (dropped.length < shown) dropped.push({ discovered });
        } else found.set(outcome.target.key, outcome.target);
      }
    }
    this.#dropped = dropped;
    return found;
  }
}

function* labelsOf({ targets, labels }: TargetGroup): Generator<ReadonlyMap<string, string>> {
  for (const address of targets) yield new Map([...labels, ['__address__', address]]);
}
