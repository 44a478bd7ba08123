import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { unixNanoToIso } from '@vedetta/model';
import type { DoomedBatch, RequestReader } from '@vedetta/store';
import { toRequestTimelineJson } from '../json/detail-json.js';
import { toCustomEventJson, toScoreJson } from '../json/request-json.js';
import { appendGzip } from './archive-file.js';

/** What an archive is written with. */
export interface ArchiveParts {
  readonly folder: string;
  readonly requests: Pick<RequestReader, 'detailOf'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Ends it between two requests; nothing of the batch is then deleted. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes what is about to be deleted, one file a UTC day: `YYYYMMDD_requests.jsonl.gz` holds a line a request, as
 * `GET /api/requests/{id}/timeline` answers it; `YYYYMMDD_alone.jsonl.gz` events and scores of no request, as
 * `{"event": ...}` or `{"score": ...}`. Resolves with the number of requests when the disk has them.
 */
export async function archiveBatch(batch: DoomedBatch, parts: ArchiveParts): Promise<number> {
  let requests = 0;
  for (const [day, keys] of byDay(batch.requests, ({ startUnixNano }) => startUnixNano)) {
    async function* lines() {
      for (const key of keys) {
        // Its text may be megabytes: others are answered in between.
        await nextTurn();
        parts.signal?.throwIfAborted();
        const detail = await parts.requests.detailOf(key);
        // Only a deletion takes requests away, and this is the one that runs; what a write replaced is not deleted.
        if (detail === undefined) continue;
        requests += 1;
        yield `${JSON.stringify(toRequestTimelineJson(detail, parts.now()))}\n`;
      }
    }
    await appendGzip(path.join(parts.folder, `${day}_requests.jsonl.gz`), lines());
  }
  const marks = [
    ...batch.customEvents.map((row) => ({ timeUnixNano: row.timeUnixNano, json: { event: toCustomEventJson(row) } })),
    ...batch.scores.map((row) => ({ timeUnixNano: row.timeUnixNano, json: { score: toScoreJson(row) } })),
  ];
  for (const [day, ofDay] of byDay(marks, ({ timeUnixNano }) => timeUnixNano)) {
    async function* lines() {
      for (const { json } of ofDay) {
        parts.signal?.throwIfAborted();
        yield `${JSON.stringify(json)}\n`;
      }
    }
    await appendGzip(path.join(parts.folder, `${day}_alone.jsonl.gz`), lines());
  }
  return requests;
}

/** `20261121` and what is of that day, both in the order they came. */
function byDay<T>(items: readonly T[], timeOf: (item: T) => bigint): ReadonlyMap<string, readonly T[]> {
  const days = new Map<string, T[]>();
  for (const item of items) {
    const day = unixNanoToIso(timeOf(item)).slice(0, 10).replaceAll('-', '');
    const ofDay = days.get(day);
    if (ofDay === undefined) days.set(day, [item]);
    else ofDay.push(item);
  }
  return days;
}
