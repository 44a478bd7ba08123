import { compress } from 'snappyjs';
import type { SeriesShape } from './remote-write-shapes.js';

/** A request as a Prometheus sends it. */
export interface WriteBody {
  readonly body: Uint8Array;
  readonly samples: number;
}

/** What is sent. */
export interface WriteLoad {
  /** Bodies of one connection in the order in which they are sent: a series is always sent by the same. */
  readonly connections: readonly (readonly WriteBody[])[];
  readonly samples: number;
  readonly series: number;
  readonly targets: readonly string[];
  readonly firstMs: number;
  readonly lastMs: number;
}

/** How much is sent. */
export interface WriteLoadOptions {
  readonly shapes: readonly SeriesShape[];
  readonly series: number;
  readonly scrapes: number;
  readonly intervalMs: number;
  readonly lastMs: number;
  readonly connections: number;
  /** Samples of a request; `max_samples_per_send` is 2,000 by default. */
  readonly samplesARequest: number;
}

// A sample: value, then a time of six bytes, as times from 2004 to 2109 have.
const SAMPLE_BYTES = 18;
const VALUE_AT = 3;
const TIME_AT = 12;
const TIME_BYTES = 6;

/** Bodies of remote write 1.0, compressed as senders do it. */
export function createWriteLoad(options: WriteLoadOptions): WriteLoad {
  const { shapes, series, scrapes, intervalMs, lastMs, connections, samplesARequest } = options;
  const targets = Array.from({ length: Math.ceil(series / shapes.length) }, (_, i) => `host-${i}:9100`);
  const all = targets.flatMap((target) => shapes.map((shape) => createSeries(shape, target))).slice(0, series);
  const share = Math.ceil(all.length / connections);
  const firstMs = lastMs - (scrapes - 1) * intervalMs;
  const random = createRandom();
  const made = Array.from({ length: connections }, (): WriteBody[] => []);
  for (let scrape = 0; scrape < scrapes; scrape += 1) {
    for (const [i, bodies] of made.entries()) {
      for (let from = i * share; from < Math.min(all.length, (i + 1) * share); from += samplesARequest) {
        const part = all.slice(from, Math.min((i + 1) * share, from + samplesARequest));
        for (const one of part) one.move(random, firstMs + scrape * intervalMs);
        bodies.push({ body: compress(concat(part.map(({ bytes }) => bytes))), samples: part.length });
      }
    }
  }
  return { connections: made, samples: all.length * scrapes, series: all.length, targets, firstMs, lastMs };
}

/** A `TimeSeries` with one sample, whose value and time are written anew for each scrape. */
function createSeries({ labels, course, first }: SeriesShape, target: string) {
  const all = [...labels, ['instance', target]] as [string, string][];
  const sample = Buffer.alloc(SAMPLE_BYTES);
  sample.set([0x12, SAMPLE_BYTES - 2, 0x09]);
  sample[TIME_AT - 1] = 0x10;
  const pairs = all
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])));
  const bytes = field(1, Buffer.concat([...pairs, sample]));
  const at = bytes.length - SAMPLE_BYTES;
  const isWhole = Number.isInteger(first);
  let value = first;
  return {
    bytes,
    move: (random: () => number, timeMs: number): void => {
      if (course === 'grows') value += isWhole ? Math.floor(random() * 50) : random();
      else if (course === 'varies')
        value = isWhole ? Math.floor(first * (0.9 + random() * 0.2)) : first * (0.9 + random() * 0.2);
      bytes.writeDoubleLE(value, at + VALUE_AT);
      let rest = timeMs;
      for (let i = 0; i < TIME_BYTES; i += 1) {
        bytes[at + TIME_AT + i] = (rest % 128) | (i < TIME_BYTES - 1 ? 128 : 0);
        rest = Math.floor(rest / 128);
      }
    },
  };
}

function field(number: number, bytes: Uint8Array): Buffer {
  const head = [(number << 3) | 2];
  for (let rest = bytes.length; ; rest >>>= 7) {
    head.push(rest < 128 ? rest : (rest & 127) | 128);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from(head), bytes]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function createRandom(): () => number {
  let seed = 1;
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
}
