import type { FilterNode, RequestRow, Span } from '@vedetta/model';
import { expect } from 'vitest';
import type { RequestScope } from '../api/request-reader.js';
import type { Store } from '../api/store.js';

/** The scope of all requests. */
export const EVERYTHING: RequestScope = {
  range: { fromUnixMs: Number.NEGATIVE_INFINITY, toUnixMs: Number.POSITIVE_INFINITY },
  filter: { kind: 'all' },
};

export function filtered(filter: FilterNode): RequestScope {
  return { ...EVERYTHING, filter };
}

/** All requests, newest first. */
export async function allRequests(store: Store): Promise<readonly RequestRow[]> {
  return (await store.requests.list({ ...EVERYTHING, limit: 1000, cursor: undefined })).requests;
}

/** Writes and expects that every span was new. */
export async function writeNew(store: Store, spans: readonly Span[]): Promise<void> {
  expect(await store.writer.write(spans)).toEqual({ kind: 'stored', storedSpans: spans.length, duplicateSpans: 0 });
}
