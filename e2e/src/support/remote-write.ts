import type { NativeHistogram } from '@vedetta/query';
import { encodeHistogram, encodeHistogramEnd } from './encode-histogram.js';

/** Samples of one series as remote write sends them. */
export interface WrittenSeries {
  /** Sorted by name. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly timestampsMs: ArrayLike<number>;
  /** Bit for bit: markers of staleness are NaN of their own bits. */
  readonly values: Float64Array;
  /** Native histograms, `undefined` where the sample is a number, or the marker that ends them. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

/** The body of a remote write request, version 1.0: protobuf in a snappy block, which is not made smaller here. */
export function encodeRemoteWrite(series: readonly WrittenSeries[]): Uint8Array {
  return snappyLiterals(Buffer.concat(series.map(encodeSeries)));
}

/** Sends samples to a receiver of remote write 1.0; throws what it answers when it does not take them. */
export async function postRemoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: encodeRemoteWrite(series),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

const SAMPLE_BYTES = 18;
/** The bits of a marker of staleness. */
const STALE = 0x7ff0_0000_0000_0002n;

function encodeSeries({ labels, timestampsMs, values, histograms }: WrittenSeries): Uint8Array {
  const parts: Uint8Array[] = labels.map(([name, value]) =>
    field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
  );
  // A marker's bits must not go through a number.
  const bits = new BigUint64Array(values.buffer, values.byteOffset, values.length);
  const view = new DataView(new ArrayBuffer(8));
  for (const [i, value] of bits.entries()) {
    const histogram = histograms?.[i];
    if (histogram !== undefined) {
      parts.push(field(4, encodeHistogram(timestampsMs[i] ?? 0, histogram)));
      continue;
    }
    if (histograms !== undefined && value === STALE) {
      parts.push(field(4, encodeHistogramEnd(timestampsMs[i] ?? 0)));
      continue;
    }
    const sample = Buffer.alloc(SAMPLE_BYTES + 2);
    sample[0] = (1 << 3) | 1;
    view.setBigUint64(0, value, true);
    sample.set(new Uint8Array(view.buffer), 1);
    sample[9] = 2 << 3;
    const end = writeVarint(sample, 10, timestampsMs[i] ?? 0);
    parts.push(field(2, sample.subarray(0, end)));
  }
  return field(1, Buffer.concat(parts));
}

function field(number: number, bytes: Uint8Array): Uint8Array {
  const head = Buffer.alloc(11);
  head[0] = (number << 3) | 2;
  return Buffer.concat([head.subarray(0, writeVarint(head, 1, bytes.length)), bytes]);
}

/** Of numbers up to 2^53; answers where it ends. */
function writeVarint(to: Uint8Array, at: number, value: number): number {
  let rest = value;
  let end = at;
  while (rest >= 128) {
    to[end] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
    end += 1;
  }
  to[end] = rest;
  return end + 1;
}

const LITERAL_BYTES = 65_536;

function snappyLiterals(bytes: Uint8Array): Uint8Array {
  const head = Buffer.alloc(10);
  const parts: Uint8Array[] = [head.subarray(0, writeVarint(head, 0, bytes.length))];
  for (let from = 0; from < bytes.length; from += LITERAL_BYTES) {
    const part = bytes.subarray(from, from + LITERAL_BYTES);
    const last = part.length - 1;
    parts.push(Uint8Array.of(61 << 2, last & 255, last >>> 8), part);
  }
  return Buffer.concat(parts);
}
