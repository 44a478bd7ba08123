import type { LabelPairs } from '@vedetta/query';
import type { ExemplarSink, SeriesExemplar } from './exemplar-sink.js';
import { nextMs, offsetMs } from './offset.js';
import type { PageMetadata, PageSource } from './page.js';
import type { SampleRules } from './sample-rules.js';
import type { SampleSink, SinkOutcome, SinkSeries } from './sample-sink.js';
import { TargetSeries } from './target-series.js';

/** How a target is. */
export interface TargetState {
  readonly health: 'up' | 'down' | 'unknown';
  /** Why the latest scrape failed, or what of it was not stored; `''` when nothing is wrong. */
  readonly lastError: string;
  /** Milliseconds since the epoch; `undefined` before the first scrape. */
  readonly lastScrapeMs: number | undefined;
  readonly lastDurationSeconds: number;
}

/** What a loop counts, for all targets together. */
export interface ScrapeCounters {
  scrapes: number;
  failed: number;
  /** Turns left out because the one before was not stored yet. */
  skipped: number;
  stored: number;
  duplicate: number;
  /** By the store, for good. */
  rejected: number;
  /** Not stored because the store was busy or failed. */
  lost: number;
}

export interface ScrapeLoopParts {
  /** The same for the same target over restarts. */
  readonly key: string;
  readonly labels: LabelPairs;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly rules: SampleRules;
  readonly source: PageSource;
  readonly sink: SampleSink;
  readonly exemplars: ExemplarSink;
  readonly counters: ScrapeCounters;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A write failed, not for the first time in a row when it did before. */
  readonly onSinkTrouble: (message: string) => void;
}

/** Timers of Node go wrong beyond this. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Timers are late by a little; regular times are packed better. As Prometheus has it. */
const TOLERANCE_MS = 2;

/** Scrapes one target on its raster. The next scrape begins after the one before is stored: a slow target has one under way at most. */
export class ScrapeLoop {
  readonly #parts: ScrapeLoopParts;
  readonly #series: TargetSeries;
  readonly #stopping = new AbortController();
  #state: TargetState = { health: 'unknown', lastError: '', lastScrapeMs: undefined, lastDurationSeconds: 0 };
  #metadata: readonly PageMetadata[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #lastWrittenMs = 0;
  #forcedError: string | undefined;

  constructor(parts: ScrapeLoopParts) {
    this.#parts = parts;
    this.#series = new TargetSeries(parts.labels, parts.rules);
  }

  get state(): TargetState {
    return this.#state;
  }

  /** Of the latest page that was read. */
  get metadata(): readonly PageMetadata[] {
    return this.#metadata;
  }

  /** Every scrape fails with this until it is taken back: the job has too many targets. */
  set forcedError(reason: string | undefined) {
    this.#forcedError = reason;
  }

  /** Goes on for an earlier loop over the same labels, which must be stopped. */
  inherit(earlier: ScrapeLoop): void {
    this.#series.inherit(earlier.#series);
    this.#lastWrittenMs = earlier.#lastWrittenMs;
    this.#state = earlier.#state;
    this.#metadata = earlier.#metadata;
  }

  start(): void {
    const { key, intervalMs, now } = this.#parts;
    this.#wait(nextMs(now(), offsetMs(key, intervalMs), intervalMs));
  }

  /** Ends the schedule and what is under way. Series stay as they are; {@link ScrapeLoop.takeLeave} ends them. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopping.abort();
    await this.#running;
  }

  /** Writes that the target and all its series are gone. */
  async takeLeave(): Promise<void> {
    const timestampMs = Math.max(this.#parts.now(), this.#lastWrittenMs + 1);
    if (this.#state.lastScrapeMs !== undefined) await this.#write(this.#series.takeLeave(timestampMs), 0);
  }

  /** Scrapes once and stores it under the given time. Never throws. */
  async scrape(timestampMs: number): Promise<void> {
    const { counters, intervalMs, now } = this.#parts;
    const startMs = performance.now();
    const page = await this.#read();
    if (this.#stopping.signal.aborted) return;
    const batch =
      page.kind === 'page' ? this.#series.take(page.samples, timestampMs) : this.#series.takeNothing(timestampMs);
    const failure = page.kind === 'failed' ? page.reason : batch.refused;
    const seconds = (performance.now() - startMs) / 1000;
    const report = this.#series.report(
      {
        up: failure === undefined ? 1 : 0,
        scrape_duration_seconds: seconds,
        scrape_samples_scraped: batch.scraped,
        scrape_samples_post_metric_relabeling: batch.kept,
        scrape_series_added: failure === undefined ? batch.added : 0,
      },
      timestampMs,
    );
    if (page.kind === 'page') this.#metadata = page.metadata;
    counters.scrapes += 1;
    counters.duplicate += batch.repeated;
    if (failure !== undefined) counters.failed += 1;
    this.#lastWrittenMs = timestampMs;
    const untilNextMs = timestampMs + intervalMs - now();
    const trouble = await this.#write([...batch.series, ...report], untilNextMs, batch.exemplars);
    this.#state = {
      health: failure === undefined ? 'up' : 'down',
      lastError: failure ?? trouble,
      lastScrapeMs: timestampMs,
      lastDurationSeconds: seconds,
    };
  }

  async #read(): ReturnType<PageSource['read']> {
    if (this.#forcedError !== undefined) return { kind: 'failed', reason: this.#forcedError };
    // Not AbortSignal.any: the loop's signal lives long and would keep a note of every scrape.
    const call = new AbortController();
    const abort = (): void => call.abort(new Error('the server stops scraping it'));
    const { timeoutMs, source } = this.#parts;
    const timer = setTimeout(
      () => call.abort(new Error(`no whole answer within ${timeoutMs} ms`)),
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    this.#stopping.signal.addEventListener('abort', abort);
    try {
      return await source.read(call.signal);
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
      this.#stopping.signal.removeEventListener('abort', abort);
    }
  }

  /** Stores, once more when the store was busy and there is time; a sentence about what was not stored, else `''`. */
  async #write(
    series: readonly SinkSeries[],
    untilNextMs: number,
    exemplars: readonly SeriesExemplar[] = [],
  ): Promise<string> {
    let outcome = await this.#tryWrite(series);
    if (outcome.kind === 'busy' && outcome.retryAfterMs < untilNextMs && !this.#stopping.signal.aborted) {
      await this.#pause(outcome.retryAfterMs);
      outcome = await this.#tryWrite(series);
    }
    const { counters, onSinkTrouble } = this.#parts;
    this.#series.settle(outcome.kind === 'stored');
    if (outcome.kind !== 'stored') {
      counters.lost += series.length;
      const reason = outcome.kind === 'busy' ? 'the store is busy' : outcome.message;
      onSinkTrouble(reason);
      return `not stored: ${reason}`;
    }
    for (const { series: of, exemplar } of exemplars) this.#parts.exemplars.add(of, exemplar);
    counters.stored += outcome.stored;
    counters.duplicate += outcome.duplicate;
    let rejected = 0;
    for (const count of Object.values(outcome.rejected)) rejected += count ?? 0;
    counters.rejected += rejected;
    return rejected === 0 ? '' : `${rejected} samples were not stored: ${outcome.message}`;
  }

  async #tryWrite(series: readonly SinkSeries[]): Promise<SinkOutcome> {
    try {
      return await this.#parts.sink.write(series);
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#stopping.signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms).unref();
      this.#stopping.signal.addEventListener('abort', end);
    });
  }

  #wait(dueMs: number): void {
    if (this.#stopping.signal.aborted) return;
    const waitMs = Math.min(Math.max(0, dueMs - this.#parts.now()), MAX_TIMER_MS);
    this.#timer = setTimeout(() => {
      // A timer may come early by a fraction of a millisecond, and a long wait has several.
      if (dueMs - this.#parts.now() > 1) this.#wait(dueMs);
      else this.#running = this.#turn(dueMs);
    }, waitMs);
    // Scraping keeps no process alive.
    this.#timer.unref();
  }

  async #turn(dueMs: number): Promise<void> {
    const { intervalMs, now, counters } = this.#parts;
    const startMs = now();
    await this.scrape(Math.abs(startMs - dueMs) <= Math.min(TOLERANCE_MS, intervalMs / 100) ? dueMs : startMs);
    let next = dueMs + intervalMs;
    const late = Math.floor((now() - next) / intervalMs);
    if (late >= 0) {
      counters.skipped += late + 1;
      next += (late + 1) * intervalMs;
    }
    this.#wait(next);
  }
}
