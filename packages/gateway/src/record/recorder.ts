import type { RawSpan } from '@vedetta/model';
import type { GatewayCounters } from '../counters.js';
import type { CallOutcome, CallRecording } from './call-recording.js';

/** Finished calls are read this long after the first of them, so that their clients have their bytes and batches form. */
const READ_AFTER_MS = 10;
/** A slice of reading: other work gets its turn in between. */
const SLICE_MS = 1;
const MAX_WAITING = 10_000;
/** A call that runs longer is announced, and again so often. */
const ANNOUNCE_AFTER_MS = 250;
const ANNOUNCE_EVERY_MS = 1000;
/** Calls announced in one tick; the rest has its turn in the next. */
const MAX_ANNOUNCED = 200;

/** Takes finished spans; must not throw and is never waited for. */
export type SpanSink = (spans: RawSpan[]) => void;

/** Called with a finished recording before it is let go, to learn from it. */
export type OnFinished = (recording: CallRecording) => void;

/** Reads the copies of calls behind the calls' backs, and hands on their spans in batches. Nothing it does can fail a call. */
export class Recorder {
  readonly #sink: SpanSink;
  readonly #counters: GatewayCounters;
  readonly #onFinished: OnFinished;
  readonly #running = new Set<CallRecording>();
  #waiting: { readonly recording: CallRecording; readonly outcome: CallOutcome }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;

  constructor(sink: SpanSink, counters: GatewayCounters, onFinished: OnFinished) {
    this.#sink = sink;
    this.#counters = counters;
    this.#onFinished = onFinished;
  }

  get waitingCalls(): number {
    return this.#waiting.length;
  }

  start(recording: CallRecording): void {
    this.#running.add(recording);
  }

  end(recording: CallRecording, outcome: CallOutcome): void {
    this.#running.delete(recording);
    if (this.#waiting.length >= MAX_WAITING) {
      this.#counters.droppedCalls += 1;
      recording.discard();
      return;
    }
    this.#waiting.push({ recording, outcome });
    this.#schedule();
  }

  /** Announces the calls that have run for a while; called several times a second. */
  announce(nowMs: number): void {
    const spans: RawSpan[] = [];
    for (const recording of this.#running) {
      if (spans.length >= MAX_ANNOUNCED) break;
      const { announcedMs, times } = recording;
      if (nowMs - times.startMs < ANNOUNCE_AFTER_MS) break;
      try {
        const since = announcedMs === undefined ? Number.POSITIVE_INFINITY : nowMs - announcedMs;
        const { phase } = recording;
        if (since < ANNOUNCE_EVERY_MS && phase === recording.announcedPhase) continue;
        spans.push(recording.announce());
        recording.announcedMs = nowMs;
        recording.announcedPhase = phase;
      } catch {
        this.#counters.captureErrors += 1;
      }
    }
    this.#handOn(spans);
  }

  /** Resolves when all that has ended is handed on. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#reading !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#reading ??= this.#readAll();
      await this.#reading;
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#reading !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#reading ??= this.#readAll();
    }, READ_AFTER_MS);
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.#readSlice();
        if (this.#waiting.length > 0) await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      this.#reading = undefined;
      if (this.#waiting.length > 0) this.#schedule();
    }
  }

  async #readSlice(): Promise<void> {
    const untilMs = performance.now() + SLICE_MS;
    const spans: RawSpan[] = [];
    let taken = 0;
    for (const { recording, outcome } of this.#waiting) {
      taken += 1;
      try {
        const finished = recording.finish(outcome);
        const ofCall = Array.isArray(finished) ? finished : await finished;
        for (const span of ofCall) spans.push(span);
        this.#counters.recordedCalls += 1;
        this.#onFinished(recording);
      } catch {
        this.#counters.captureErrors += 1;
        recording.discard();
      }
      if (performance.now() > untilMs) break;
    }
    this.#waiting.splice(0, taken);
    this.#handOn(spans);
  }

  #handOn(spans: RawSpan[]): void {
    if (spans.length === 0) return;
    try {
      this.#sink(spans);
    } catch {
      this.#counters.captureErrors += 1;
    }
  }
}
