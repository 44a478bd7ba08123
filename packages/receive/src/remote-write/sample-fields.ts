import { InvalidBody } from '../otlp/decode-result.js';
import type { WireReader } from '../otlp/wire-reader.js';
import type { WriteColumns } from './write-columns.js';

/** Both messages have samples in field 2, with the value in field 1 and the time in field 2. */
export const SAMPLE_TAG = 18;
const VALUE_TAG = 9;
const TIME_TAG = 16;
/** Seven bits a byte: more are no exact number, and are read the slow way. */
const MAX_FAST_TIME_BYTES = 7;

/**
 * Reads samples into the columns from where the reader stands, as long as fields are samples, `most` at most. The hottest loop of remote
 * write: what every sender writes is read here, in local variables; anything else by {@link readOddSample}.
 */
export function readSamples(reader: WireReader, columns: WriteColumns, limit: number, most: number): void {
  const { bytes, view } = reader;
  let { pos } = reader;
  for (let count = 0; count < most && pos + 1 < limit && bytes[pos] === SAMPLE_TAG; count += 1) {
    const length = bytes[pos + 1] as number;
    const end = pos + 2 + length;
    let at = pos + 2;
    let low = 0;
    let high = 0;
    let timeMs = 0;
    let isUsual = length < 128 && end <= limit;
    if (isUsual && length > VALUE_TAG && bytes[at] === VALUE_TAG) {
      low = view.getUint32(at + 1, true);
      high = view.getUint32(at + 5, true);
      at += 9;
    }
    if (isUsual && at < end && bytes[at] === TIME_TAG) {
      at += 1;
      const last = end - 1;
      let factor = 1;
      isUsual = end - at <= MAX_FAST_TIME_BYTES && at < end;
      for (; isUsual && at < last; at += 1) {
        const byte = bytes[at] as number;
        if (byte < 128) isUsual = false;
        timeMs += (byte & 127) * factor;
        factor *= 128;
      }
      const byte = bytes[last] as number;
      if (byte > 127) isUsual = false;
      timeMs += byte * factor;
      at = end;
    }
    if (isUsual && at === end) {
      columns.add(timeMs, low, high);
      pos = end;
    } else {
      reader.pos = pos + 1;
      readOddSample(reader, columns, limit);
      pos = reader.pos;
    }
  }
  reader.pos = pos;
}

/** A sample whose length comes next, whatever way it is written. */
function readOddSample(reader: WireReader, columns: WriteColumns, limit: number): void {
  const end = reader.end(limit);
  let [low, high, timeMs] = [0, 0, 0];
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === VALUE_TAG) {
      if (reader.pos + 8 > end) throw new InvalidBody('a sample is cut short');
      low = reader.view.getUint32(reader.pos, true);
      high = reader.view.getUint32(reader.pos + 4, true);
      reader.pos += 8;
    } else if (tag === TIME_TAG) timeMs = Number(reader.int64());
    else reader.skip(tag, end);
  }
  if (reader.pos > end) throw new InvalidBody('a sample is cut short');
  columns.add(timeMs, low, high);
}
