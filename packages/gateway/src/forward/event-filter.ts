import { withoutMember } from './json-edit.js';

const LF = 10;
const CR = 13;
/** An event longer than this goes through unread: a client must not wait for its end. */
const MAX_HELD = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/** What does not belong to the stream that the client asked for. */
export interface Unasked {
  /** Told the parsed data of an event: whether to take the event out. */
  isExtraEvent(data: unknown): boolean;
  /** A member to take out of the other events where its value is null. */
  readonly nullMember?: string;
}

/**
 * Takes events, and a member of other events, out of a stream of server-sent events as it passes; every other byte goes through as it came. An event leaves when
 * its blank line is there: no client can use it earlier.
 */
export class EventFilter {
  readonly #unasked: Unasked;
  #held: Buffer = NOTHING;
  /** Bytes of the held that were looked at for a blank line. */
  #seen = 0;
  /** The current event has become too long to hold. */
  #passing = false;
  removed = 0;

  constructor(unasked: Unasked) {
    this.#unasked = unasked;
  }

  /** Bytes to pass on now, which may be none. */
  push(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const out: Buffer[] = [];
    let from = 0;
    for (;;) {
      const end = endOfEvent(bytes, Math.max(from, this.#seen));
      if (end === -1) break;
      const event = bytes.subarray(from, end);
      const kept = this.#passing ? event : this.#keep(event);
      if (kept === undefined) this.removed += 1;
      else if (kept === event) add(out, bytes, from, end);
      else out.push(kept);
      this.#passing = false;
      from = end;
      this.#seen = end;
    }
    const rest = bytes.subarray(from);
    if (this.#passing || rest.length > MAX_HELD) {
      // The last bytes may be the first half of a blank line.
      const keep = Math.min(rest.length, 3);
      add(out, bytes, from, bytes.length - keep);
      this.#passing = true;
      this.#held = rest.subarray(rest.length - keep);
      this.#seen = 0;
    } else {
      this.#held = rest;
      this.#seen = Math.max(0, rest.length - 3);
    }
    return out.length === 1 ? (out[0] as Buffer) : out.length === 0 ? NOTHING : Buffer.concat(out);
  }

  /** What is left when the stream is over; an event without its blank line counts as one. */
  end(): Buffer {
    const rest = this.#held;
    this.#held = NOTHING;
    if (this.#passing || rest.length === 0) return rest;
    const kept = this.#keep(rest);
    if (kept !== undefined) return kept;
    this.removed += 1;
    return NOTHING;
  }

  /** The event as it goes on; `undefined` when it does not. */
  #keep(event: Buffer): Buffer | undefined {
    const text = dataOf(event);
    if (text === '' || text === '[DONE]') return event;
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      return event;
    }
    if (this.#unasked.isExtraEvent(data)) return undefined;
    const { nullMember } = this.#unasked;
    return nullMember !== undefined && isNull(data, nullMember) ? withoutNull(event, nullMember) : event;
  }
}

function isNull(data: unknown, member: string): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    Object.hasOwn(data, member) &&
    (data as Record<string, unknown>)[member] === null
  );
}

/** Data on several lines is left as it is: no provider writes it so. */
function withoutNull(event: Buffer, member: string): Buffer {
  const open = event.indexOf('{');
  const close = event.lastIndexOf('}') + 1;
  if (event.subarray(open, close).includes(LF)) return event;
  const edited = withoutMember(event.subarray(open, close), member);
  return edited === undefined ? event : Buffer.concat([event.subarray(0, open), edited, event.subarray(close)]);
}

/** Neighbouring pieces of the same bytes are one piece. */
function add(out: Buffer[], bytes: Buffer, from: number, to: number): void {
  if (to <= from) return;
  const last = out.at(-1);
  if (last !== undefined && last.buffer === bytes.buffer && last.byteOffset + last.length === bytes.byteOffset + from) {
    out[out.length - 1] = Buffer.from(bytes.buffer, last.byteOffset, last.length + to - from);
  } else out.push(bytes.subarray(from, to));
}

/**
 * The place after the first blank line at or after `from`; -1 when there is none. A CR at the very end is not decided on: an LF
 * may follow.
 */
function endOfEvent(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== LF && byte !== CR) continue;
    const next = byte === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
    if (byte === CR && at + 1 === bytes.length) return -1;
    if (bytes[next] === LF) return next + 1;
    if (bytes[next] === CR) {
      if (next + 1 === bytes.length) return -1;
      return bytes[next + 1] === LF ? next + 2 : next + 1;
    }
  }
  return -1;
}

function dataOf(event: Buffer): string {
  const lines = event.toString('utf8').split(/\r\n|\n|\r/);
  const data: string[] = [];
  for (const line of lines) {
    if (line.startsWith('data:')) data.push(line.slice(line.charCodeAt(5) === 32 ? 6 : 5));
  }
  return data.join('\n');
}
