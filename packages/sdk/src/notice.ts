const EVERY_MS = 60_000;

/** Writes one line; must not throw. */
export type Log = (line: string) => void;

/** A line on standard error; a closed stream is nothing to tell anyone about. */
const logToStderr: Log = (line) => {
  try {
    process.stderr.write(`${line}\n`);
  } catch {
    // There is nobody left to tell.
  }
};

/** The SDK's only voice: at most one line a minute for the whole process, however many monitors and sinks there are. */
export class Notices {
  readonly #log: Log;
  #lastMs = Number.NEGATIVE_INFINITY;
  #withheld = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Logs `message()` unless a line was logged within the last minute. */
  say(message: () => string): void {
    const now = performance.now();
    if (now - this.#lastMs < EVERY_MS) {
      this.#withheld += 1;
      return;
    }
    this.#lastMs = now;
    try {
      const more = this.#withheld > 0 ? ` (${this.#withheld} notices withheld since the last one)` : '';
      this.#withheld = 0;
      this.#log(`[vedetta] ${message()}${more}`);
    } catch {
      // A logger that throws must not reach the application.
    }
  }
}

/** Shared by all monitors that log to standard error. */
export const stderrNotices = new Notices(logToStderr);
