import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { memorySink } from '../../memory-sink.js';
import { createMonitor } from '../../monitor.js';
import type { SpanRecord } from '../../span-record.js';
import { completion } from './replies.js';
import { startUpstream } from './upstream.js';

/**
 * What the tests of tracked clients share: an upstream that answers `Hello`, a monitor that remembers, and a watch on unhandled
 * rejections, of which every test must have taken note.
 */
export async function setScene() {
  const upstream = await startUpstream();
  const memory = memorySink();
  const monitor = createMonitor({ sinks: [memory], flushOnExit: false });
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);
  beforeAll(() => {
    process.on('unhandledRejection', onUnhandled);
  });
  afterAll(async () => {
    process.off('unhandledRejection', onUnhandled);
    await upstream.close();
  });
  beforeEach(() => {
    memory.spans.length = 0;
    unhandled.length = 0;
    upstream.calls.length = 0;
    upstream.aborted.length = 0;
    upstream.answer = () => completion('Hello');
  });
  afterEach(() => expect(unhandled).toEqual([]));
  const calls = () => memory.spans.filter(({ kind }) => kind === 'llm');
  return {
    upstream,
    memory,
    monitor,
    unhandled,
    calls,
    onlyCall(): SpanRecord {
      expect(calls()).toHaveLength(1);
      return calls()[0] as SpanRecord;
    },
    openAi: (options: object = {}) =>
      new OpenAI({ baseURL: `${upstream.url}/v1`, apiKey: 'none', maxRetries: 0, ...options }),
  };
}
