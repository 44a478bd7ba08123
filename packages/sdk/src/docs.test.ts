import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildForChildren, REPOSITORY, runChild } from './testing/child.js';
import type { OtlpReceiver } from './testing/otlp-receiver.js';
import { startReceiver } from './testing/otlp-receiver.js';

let folder = '';
let server: OtlpReceiver;
beforeAll(async () => {
  folder = await buildForChildren();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await startReceiver();
});
afterEach(() => server.close());

const snippets = ['docs/sdk.md', 'docs/sdk-metrics.md', 'docs/wrappers.md', 'packages/sdk/README.md'].flatMap(
  (page) => {
    const blocks = readFileSync(join(REPOSITORY, page), 'utf8').matchAll(/```ts\n(.*?)```/gs);
    return Array.from(blocks, ([, code = ''], i) => [page, i + 1, code] as const);
  },
);

test.each(snippets)('%s: snippet %i runs as it stands', async (_page, _number, code) => {
  const { code: program } = await transform(code, { loader: 'ts', target: 'node20', format: 'esm' });
  const end = await runChild(folder, program, { VEDETTA_ENDPOINT: server.endpoint });
  expect(end).toMatchObject({ code: 0, stderr: '' });
  const isRecorded = /monitor\.(request|startRequest)\(|trackEndpoint\(/.test(code) && !code.includes('sinks:');
  expect(server.spans.some((span) => span.attributes['vedetta.span.kind'] === 'request')).toBe(
    isRecorded || code.includes('otlpSink()'),
  );
});

// The example of tracked clients serves nothing: its own test is beside the wrappers.
const examples = readdirSync(join(REPOSITORY, 'examples'), { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== 'tracked-client',
);

test.each(examples.map(({ name }) => name))('the example for %s serves a call and records it', async (name) => {
  const source = join(REPOSITORY, 'examples', name);
  copyFileSync(join(source, 'model.mjs'), join(folder, 'model.mjs'));
  const program = readFileSync(join(source, 'index.mjs'), 'utf8');
  const calls: Promise<string>[] = [];
  const call = async (url: string, prompt: string) => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt }),
    });
    return response.text();
  };
  const env = { VEDETTA_ENDPOINT: server.endpoint, PORT: '0' };
  const end = await runChild(folder, program, env, (line, kill) => {
    const url = /^listening on (\S+)/.exec(line)?.[1];
    if (url === undefined) return;
    calls.push(call(url, 'Hello'), call(url, 'fail'));
    Promise.all(calls).then(() => kill('SIGTERM'));
  });
  expect(end.signal).toBe('SIGTERM');
  expect(await calls[0]).toContain('Hello');
  const roots = server.spans.filter(
    (span) => span.attributes['vedetta.span.kind'] === 'request' && span.endUnixNano > 0n,
  );
  expect(roots.map((span) => span.attributes['error.message'] ?? '').sort()).toEqual(['', 'the model is overloaded']);
  const modelCalls = server.spans.filter((span) => span.attributes['gen_ai.operation.name'] === 'chat');
  expect(modelCalls).toHaveLength(1);
  expect(modelCalls[0]?.attributes).toMatchObject({ 'gen_ai.request.model': 'tiny-1', 'gen_ai.usage.input_tokens': 1 });
});
