import type { ServerResponse } from 'node:http';
import type { LiveEvents } from '@vedetta/client';
import { toCustomEventJson, toRequestJson } from '../json/request-json.js';
import type { LiveFeed } from './live-feed.js';

/** Twice a second is as fast as people read and slow enough to hold a burst together. */
const MIN_INTERVAL_MS = 500;
const HELLO_INTERVAL_MS = 15_000;
const MAX_PER_MESSAGE = 200;
/** A page that takes nothing for this long is gone or stuck: it is closed and connects again by itself. */
const STALLED_MS = 60_000;

interface LiveClient {
  readonly response: ServerResponse;
  position: number;
  stalledSinceMs: number | undefined;
}

/** Counters of the live pages, for `/api/status` and tests. */
export interface LiveCounters {
  readonly clients: number;
  readonly messagesSent: number;
  /** Turns at which a client was passed over because it had not read the message before. */
  readonly skipped: number;
  readonly closedStalled: number;
}

/** The pages that follow `GET /api/live`: writes what changed to each, as server-sent events. */
export class LiveClients {
  readonly #feed: LiveFeed;
  readonly #now: () => number;
  /** Sets positions of this run apart from those of an earlier one, which a page may send when it connects again. */
  readonly #run: string;
  readonly #clients = new Set<LiveClient>();
  readonly #stopFollowing: () => void;
  readonly #hello: NodeJS.Timeout;
  #turn: NodeJS.Timeout | undefined;
  #lastTurnMs = 0;
  #messagesSent = 0;
  #skipped = 0;
  #closedStalled = 0;

  constructor(feed: LiveFeed, now: () => number) {
    this.#feed = feed;
    this.#now = now;
    this.#run = now().toString(36);
    this.#stopFollowing = feed.onChange(() => this.#schedule());
    this.#hello = setInterval(() => this.#sayHello(), HELLO_INTERVAL_MS).unref();
  }

  get counters(): LiveCounters {
    return {
      clients: this.#clients.size,
      messagesSent: this.#messagesSent,
      skipped: this.#skipped,
      closedStalled: this.#closedStalled,
    };
  }

  /** Follows on a response whose headers are sent. `lastEventId` is what the page received last, if it was here before. */
  add(response: ServerResponse, lastEventId: string | undefined): void {
    const client: LiveClient = { response, position: this.#positionOf(lastEventId), stalledSinceMs: undefined };
    this.#clients.add(client);
    response.once('close', () => this.#clients.delete(client));
    response.once('error', () => this.#clients.delete(client));
    this.#write(client, message('hello', { now: new Date(this.#now()).toISOString() }));
    if (client.position < this.#feed.position) this.#schedule();
  }

  /** Ends every stream, so that the server can close. */
  close(): void {
    this.#stopFollowing();
    clearInterval(this.#hello);
    clearTimeout(this.#turn);
    for (const client of this.#clients) client.response.end();
    this.#clients.clear();
  }

  #positionOf(lastEventId: string | undefined): number {
    const [run, position] = (lastEventId ?? '').split('.');
    const known = run === this.#run && /^\d{1,15}$/.test(position ?? '') ? Number(position) : this.#feed.position;
    return Math.min(known, this.#feed.position);
  }

  #schedule(): void {
    if (this.#turn !== undefined || this.#clients.size === 0) return;
    const waitMs = Math.max(0, this.#lastTurnMs + MIN_INTERVAL_MS - this.#now());
    this.#turn = setTimeout(() => this.#takeTurn(), waitMs).unref();
  }

  #takeTurn(): void {
    this.#turn = undefined;
    this.#lastTurnMs = this.#now();
    // Most pages are at the same position: the text is made once for all of them.
    const texts = new Map<number, string>();
    for (const client of this.#clients) {
      if (!this.#isReady(client) || client.position >= this.#feed.position) continue;
      let text = texts.get(client.position);
      if (text === undefined) {
        text = this.#describeChanges(client.position);
        texts.set(client.position, text);
      }
      client.position = this.#feed.position;
      this.#write(client, text);
    }
    if ([...this.#clients].some((client) => client.position < this.#feed.position)) this.#schedule();
  }

  #describeChanges(position: number): string {
    const changes = this.#feed.changesSince(position, MAX_PER_MESSAGE);
    const now = this.#now();
    const requests = changes.requests.map((row) => toRequestJson(row, now));
    const events = changes.events.map((row) => toCustomEventJson(row));
    const id = `id: ${this.#run}.${changes.position}\n`;
    return (
      (requests.length === 0 ? '' : id + message('requests', { requests, more: changes.more })) +
      (events.length === 0 ? '' : id + message('events', { events }))
    );
  }

  /** False while the client has not read what was sent before; closes one that never does. */
  #isReady(client: LiveClient): boolean {
    if (!client.response.writableNeedDrain) {
      client.stalledSinceMs = undefined;
      return true;
    }
    this.#skipped += 1;
    client.stalledSinceMs ??= this.#now();
    if (this.#now() - client.stalledSinceMs >= STALLED_MS) {
      this.#closedStalled += 1;
      this.#clients.delete(client);
      client.response.destroy();
    }
    return false;
  }

  #sayHello(): void {
    const text = message('hello', { now: new Date(this.#now()).toISOString() });
    for (const client of this.#clients) if (this.#isReady(client)) this.#write(client, text);
  }

  #write(client: LiveClient, text: string): void {
    if (text === '') return;
    this.#messagesSent += 1;
    client.response.write(text);
  }
}

function message<Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
