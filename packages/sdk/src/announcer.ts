import type { RequestRecorder } from './request-recorder.js';

const HEARTBEAT_MS = 10_000;
/** A request that changes phase often speaks at most this often. */
const MIN_REPEAT_MS = 1_000;
/** How often announced requests are looked at while there are any. */
const WATCH_MS = 250;

/** Requests that are never ended are a mistake of the caller; this many are kept in sight, the oldest go first. */
const MAX_TRACKED = 10_000;

/**
 * Finds the requests that run longer than `afterMs`. One unref'd timer serves all of them: it sleeps until the oldest
 * unannounced request is due, and costs the ordinary short request nothing but its place in a set.
 */
export class Announcer {
  readonly #afterMs: number;
  readonly #announce: (request: RequestRecorder) => void;
  /** In the order of their start, which is the order in which they fall due. */
  readonly #young = new Set<RequestRecorder>();
  readonly #announced = new Map<RequestRecorder, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(afterMs: number, announce: (request: RequestRecorder) => void) {
    this.#afterMs = afterMs;
    this.#announce = announce;
  }

  /** Requests that run now. */
  get size(): number {
    return this.#young.size + this.#announced.size;
  }

  /** Requests that run now, those that were announced first. */
  *running(): Iterable<RequestRecorder> {
    yield* this.#announced.keys();
    yield* this.#young;
  }

  add(request: RequestRecorder): void {
    this.#young.add(request);
    if (this.size > MAX_TRACKED) this.#forgetOldest();
    if (this.#timer === undefined && Number.isFinite(this.#afterMs)) this.#sleep(this.#afterMs);
  }

  remove(request: RequestRecorder): void {
    if (!this.#young.delete(request)) this.#announced.delete(request);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #forgetOldest(): void {
    for (const oldest of this.running()) {
      this.remove(oldest);
      return;
    }
  }

  #sleep(ms: number): void {
    this.#timer = setTimeout(() => this.#wake(), Math.max(ms, 1));
    this.#timer.unref();
  }

  #wake(): void {
    this.#timer = undefined;
    let nextMs = this.#announced.size > 0 ? WATCH_MS : Number.POSITIVE_INFINITY;
    for (const [request, lastMs] of this.#announced) this.#repeat(request, lastMs);
    for (const request of this.#young) {
      const leftMs = request.startUnixMs + this.#afterMs - request.nowUnixMs();
      if (leftMs > 1) {
        nextMs = Math.min(nextMs, leftMs);
        break;
      }
      this.#young.delete(request);
      this.#say(request);
      nextMs = Math.min(nextMs, WATCH_MS);
    }
    if (Number.isFinite(nextMs)) this.#sleep(nextMs);
  }

  #repeat(request: RequestRecorder, lastMs: number): void {
    const sinceMs = performance.now() - lastMs;
    if (sinceMs >= HEARTBEAT_MS || (request.changed && sinceMs >= MIN_REPEAT_MS)) this.#say(request);
  }

  #say(request: RequestRecorder): void {
    this.#announced.set(request, performance.now());
    this.#announce(request);
  }
}
