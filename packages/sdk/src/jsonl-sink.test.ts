import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jsonlSink } from './jsonl-sink.js';
import { memorySink } from './memory-sink.js';
import { createMonitor } from './monitor.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedetta-jsonl-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dayOf = (unixMs: number) => new Date(unixMs).toISOString().slice(0, 10).replaceAll('-', '');

test('a request is a line in the file of its day', async () => {
  const directory = join(folder, 'logs');
  const memory = memorySink();
  const monitor = createMonitor({ sinks: [jsonlSink({ directory }), memory], flushOnExit: false });
  const request = monitor.startRequest({ id: 'r1', name: 'rag', model: 'm', modality: 'text' });
  request.recordPhase('retrieval', 40, { documents: 3 });
  request.recordPhase('retrieval', 10, { documents: 1 }, { success: false });
  request.recordPhase('generation', 2.5);
  request.event('not a line');
  const summary = request.end({ customData: { plan: 'pro' }, error: new TypeError('late') });
  await monitor.flush();

  const root = memory.spans.at(-1);
  const file = join(directory, `${dayOf(root?.endUnixMs ?? 0)}_performance.jsonl`);
  const lines = readFileSync(file, 'utf8').split('\n');
  expect(lines).toHaveLength(2);
  const line = JSON.parse(lines[0] ?? '');
  expect(line).toMatchObject({
    id: 'r1',
    start_time: new Date(request.startUnixMs).toISOString(),
    timestamp: new Date(root?.endUnixMs ?? 0).toISOString(),
    success: false,
    status: 'failed',
    name: 'rag',
    model: 'm',
    modality: 'text',
    error_type: 'TypeError',
    error_message: 'late',
    custom_data: { plan: 'pro' },
  });
  expect(line.total_time).toBeCloseTo(summary.totalMs / 1000, 5);
  expect(line.stages).toEqual({
    retrieval: { duration: expect.closeTo(0.05, 4), count: 2, failed: 1, metadata: { documents: 1 } },
    generation: { duration: expect.closeTo(0.0025, 4) },
  });
  expect(monitor.stats().sinks).toContainEqual({ name: 'jsonl', offered: 1, delivered: 1, dropped: 0, queued: 0 });
});

test('many requests from two monitors share the file line by line', async () => {
  const monitors = [1, 2].map(() => createMonitor({ sinks: [jsonlSink({ directory: folder })], flushOnExit: false }));
  for (let i = 0; i < 500; i += 1) monitors[i % 2]?.startRequest({ id: `r${i}` }).end();
  await Promise.all(monitors.map((monitor) => monitor.flush()));
  const text = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('');
  const ids = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  expect(new Set(ids).size).toBe(500);
  expect(ids).toHaveLength(500);
});

test('a synchronous flush writes what waits, and what is being written is not written twice', async () => {
  const sink = jsonlSink({ directory: folder });
  const monitor = createMonitor({ sinks: [sink], flushOnExit: false });
  monitor.startRequest({ id: 'a' }).end();
  const flushing = monitor.flush();
  monitor.startRequest({ id: 'b' }).end();
  sink.flushSync?.(100);
  await flushing;
  const text = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('');
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id)
      .sort(),
  ).toEqual(['a', 'b']);
  expect(monitor.stats()).toMatchObject({ offered: 2, delivered: 2, dropped: 0, queued: 0 });
});

test('a folder that cannot be written costs a notice and counted drops', async () => {
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  const lines: string[] = [];
  const monitor = createMonitor({
    sinks: [jsonlSink({ directory: join(blocked, 'logs') })],
    flushOnExit: false,
    log: (line) => lines.push(line),
  });
  monitor.startRequest().end();
  await monitor.flush();
  expect(monitor.stats()).toMatchObject({ offered: 1, delivered: 0, dropped: 1, queued: 0 });
  expect(lines).toHaveLength(1);
  expect(existsSync(join(blocked, 'logs'))).toBe(false);
});
