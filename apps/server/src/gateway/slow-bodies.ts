import type { IncomingMessage } from 'node:http';

const ANSWER = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Closes the connections of requests whose bodies do not come: slow sockets do not stay. */
export class SlowBodies {
  readonly #limitMs: number;
  readonly #intervalMs: number;
  /** In the order they began, so that the first that is in time ends the look. */
  readonly #coming = new Map<IncomingMessage, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number, intervalMs: number) {
    this.#limitMs = limitMs;
    this.#intervalMs = intervalMs;
  }

  /** Watches a request until its body is there; one without a body is there already. */
  watch(request: IncomingMessage): void {
    const { headers } = request;
    if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') return;
    this.#coming.set(request, performance.now() + this.#limitMs);
    const forget = (): void => void this.#coming.delete(request);
    request.once('end', forget);
    request.once('close', forget);
    this.#timer ??= setInterval(() => this.#look(), this.#intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#coming.clear();
  }

  #look(): void {
    const nowMs = performance.now();
    for (const [request, untilMs] of this.#coming) {
      if (untilMs > nowMs) return;
      this.#coming.delete(request);
      if (request.complete || request.destroyed) continue;
      const { socket } = request;
      if (socket.bytesWritten === 0) socket.write(ANSWER);
      socket.destroy();
    }
    if (this.#coming.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
