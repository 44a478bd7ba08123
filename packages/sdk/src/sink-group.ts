import type { Notices } from './notice.js';
import type { Sink, SinkStats } from './sink.js';
import type { SpanRecord } from './span-record.js';
import { describeError, toText } from './text.js';

/** A sink's name beside its figures. */
export interface NamedSinkStats extends SinkStats {
  readonly name: string;
}

/** The sinks of a monitor, any of which may fail without harm to the others: what one throws is reported. */
export class SinkGroup {
  readonly #sinks: readonly Sink[];
  readonly #notices: Notices;

  constructor(sinks: readonly Sink[], serviceName: string, notices: Notices) {
    this.#sinks = sinks;
    this.#notices = notices;
    const notice = (message: () => string) => notices.say(message);
    for (const sink of sinks) this.#guard(sink, () => sink.open?.({ serviceName, notice }));
  }

  get isEmpty(): boolean {
    return this.#sinks.length === 0;
  }

  /** Whether any sink wants to know of requests that still run. */
  get wantsAnnouncements(): boolean {
    return this.#sinks.some((sink) => sink.announcements === true);
  }

  write(spans: readonly SpanRecord[]): void {
    for (const sink of this.#sinks) {
      try {
        sink.write(spans);
      } catch (error) {
        this.#report(sink, error);
      }
    }
  }

  /** Writes what a running request finished, and to sinks that ask for it how it stands. */
  announce(finished: readonly SpanRecord[], announcement: SpanRecord): void {
    for (const sink of this.#sinks) {
      const spans = sink.announcements === true ? [...finished, announcement] : finished;
      if (spans.length > 0) this.#guard(sink, () => sink.write(spans));
    }
  }

  async flush(timeoutMs: number): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => this.#settle(sink, () => sink.flush?.(timeoutMs))));
  }

  /** One after the other, all of them before `deadlineMs` of the monotonic clock. */
  flushSync(deadlineMs: number): void {
    for (const sink of this.#sinks) {
      this.#guard(sink, () => sink.flushSync?.(Math.max(deadlineMs - performance.now(), 0)));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => this.#settle(sink, () => sink.close?.())));
  }

  /** Of the sinks that count. */
  stats(): readonly NamedSinkStats[] {
    return this.#sinks.flatMap((sink) => {
      const stats = this.#guard(sink, () => sink.stats?.());
      return stats === undefined ? [] : [{ name: sink.name, ...stats }];
    });
  }

  #guard<T>(sink: Sink, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.#report(sink, error);
      return undefined;
    }
  }

  async #settle(sink: Sink, act: () => Promise<void> | undefined): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#report(sink, error);
    }
  }

  #report(sink: Sink, error: unknown): void {
    this.#notices.say(() => {
      const { type, message } = describeError(error);
      return `the sink ${toText(sink.name, 100)} failed: ${type}: ${message}`;
    });
  }
}
