import { readHistogramRows } from './histograms/histogram-rows.js';
import type { LoggedSeries, LogRecord, SampleBatch } from './log-record.js';
import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';
import type { SampleHead } from './sample-head.js';
import type { SeriesIndex } from './series-index.js';
import { nameOf } from './series-limits.js';
import { STALE_HIGH, STALE_LOW } from './stale-marker.js';

/** Why a log with these series is not of the database whose series are in the index; `undefined` when it can be. */
export function refuseForeign(index: SeriesIndex, series: readonly LoggedSeries[]): string | undefined {
  for (const { id, labels } of series) {
    const there = index.labelsOf(id);
    const isSame = there === undefined || JSON.stringify(there) === JSON.stringify(labels);
    if (isSame && (index.idOf(labels) ?? id) === id) continue;
    return `it is of another state of the database: series ${id} of ${nameOf(labels)} is another one there`;
  }
  return undefined;
}

/**
 * Puts what a record of the log says into memory; what is there already is left out. `onNew` is told of series that the table
 * does not have. Answers false when the record names series that nobody has: what it says of them is left out too.
 */
export function replayRecord(head: SampleHead, record: LogRecord, onNew: (series: LoggedSeries) => void): boolean {
  const { index } = head;
  let isKnown = true;
  switch (record.kind) {
    case 'series':
      for (const { id, labels } of record.series) {
        if (index.labelsOf(id) !== undefined) continue;
        if (id < index.nextId) {
          // It is not there and could not be new: it was deleted.
          isKnown = false;
          continue;
        }
        index.restore(id, labels);
        onNew({ id, labels });
      }
      return isKnown;
    case 'samples':
      return replaySamples(head, record);
    case 'histograms':
      for (const { seriesId, timestampMs, histogram } of readHistogramRows(record.rows)) {
        if (index.labelsOf(seriesId) === undefined) isKnown = false;
        else if (histogram === undefined) head.append(seriesId, timestampMs, STALE_HIGH, STALE_LOW);
        else head.appendHistogram(seriesId, timestampMs, histogram);
      }
      return isKnown;
    case 'chunk':
      isKnown = index.labelsOf(record.seriesId) !== undefined;
      if (isKnown) head.appendChunk(record.seriesId, record.chunk);
      return isKnown;
    case 'open':
      for (const chunk of record.chunks) {
        if (index.labelsOf(chunk.seriesId) === undefined) isKnown = false;
        else head.restoreOpen(chunk.seriesId, chunk);
      }
      return isKnown;
  }
}

function replaySamples(head: SampleHead, { seriesIds, timestampsMs, values }: SampleBatch): boolean {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  let isKnown = true;
  for (let i = 0; i < seriesIds.length; i += 1) {
    const id = seriesIds[i] as number;
    if (head.index.labelsOf(id) === undefined) {
      isKnown = false;
      continue;
    }
    head.append(id, timestampsMs[i] as number, words[i * 2 + HIGH_WORD] as number, words[i * 2 + LOW_WORD] as number);
  }
  return isKnown;
}
