import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Span } from '@vedetta/model';
import { expect, test } from 'vitest';
import { openDuckDbStore } from '../open-store.js';

function span(n: number): Span {
  return {
    traceId: n.toString(16).padStart(32, 'a'),
    spanId: n.toString(16).padStart(16, 'b'),
    parentSpanId: '',
    name: 'chat',
    kind: 1,
    startUnixNano: 1_700_000_000_000_000_000n,
    endUnixNano: 1_700_000_000_500_000_000n,
    statusCode: 0,
    statusMessage: '',
    attributes: {},
    events: [],
    links: [],
    origin: { serviceName: 'test', resource: {}, scopeName: '', scopeVersion: '' },
    facts: {},
    genAi: undefined,
  };
}

test('a batch written at any moment after the one before was answered is committed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vedetta-writer-'));
  const store = await openDuckDbStore({ path: join(folder, 'store.duckdb'), groupCommitMs: 0 });
  // Each round waits some more turns of the microtask queue: one of them falls where the writer has looked at its queue
  // for the last time and has not yet gone to rest.
  for (let turns = 0; turns < 30; turns++) {
    await store.writer.write([span(2 * turns)]);
    for (let i = 0; i < turns; i++) await Promise.resolve();
    expect(await store.writer.write([span(2 * turns + 1)])).toMatchObject({ kind: 'stored', storedSpans: 1 });
  }
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
