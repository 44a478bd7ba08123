import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildForChildren, REPOSITORY, runChild } from '../testing/child.js';
import type { OtlpReceiver } from '../testing/otlp-receiver.js';
import { startReceiver } from '../testing/otlp-receiver.js';

let folder = '';
let server: OtlpReceiver;
beforeAll(async () => {
  folder = await buildForChildren();
  server = await startReceiver();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the example of tracked clients records three calls in two requests', async () => {
  const source = join(REPOSITORY, 'examples', 'tracked-client');
  copyFileSync(join(source, 'upstream.mjs'), join(folder, 'upstream.mjs'));
  const program = readFileSync(join(source, 'index.mjs'), 'utf8');
  const end = await runChild(folder, program, { VEDETTA_ENDPOINT: server.endpoint });
  expect(end).toMatchObject({ code: 0, stderr: '' });
  expect(end.stdout).toContain('You said good morning');
  const calls = server.spans.filter((span) => span.attributes['gen_ai.operation.name'] !== undefined);
  expect(calls.map(({ attributes }) => attributes['gen_ai.request.model'])).toEqual([
    'tiny-embed-1',
    'tiny-1',
    'tiny-1',
  ]);
  expect(calls.map(({ attributes }) => attributes['gen_ai.usage.input_tokens'])).toEqual([4, 9, 9]);
  const requests = server.spans.filter((span) => span.attributes['vedetta.span.kind'] === 'request');
  expect(new Set(requests.map(({ spanId }) => spanId)).size).toBe(2);
});
