import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerProcess } from './support/server-process.js';
import { startServerProcess } from './support/server-process.js';

// The app knows nothing of Vedetta: OpenTelemetry's own SDK and exporter, pointed by the standard variables.
const APP = `
import { SpanStatusCode, trace, context } from '@opentelemetry/api';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { setTimeout as sleep } from 'node:timers/promises';
const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] });
provider.register();
const tracer = trace.getTracer('my-app');
await tracer.startActiveSpan('POST /chat', async (root) => {
  await tracer.startActiveSpan('retrieval', async (span) => {
    await sleep(5); // This SDK starts spans at whole milliseconds: without it both phases may start at the same time.
    span.end();
  });
  await tracer.startActiveSpan('chat gpt-4o', async (span) => {
    span.setAttributes({
      'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': 321, 'gen_ai.usage.output_tokens': 45,
    });
    span.end();
  });
  root.end();
  process.stdout.write(root.spanContext().traceId);
});
await provider.shutdown();
`;

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ otlp: true });
});
afterAll(() => server?.stop());

test('an unmodified OpenTelemetry app shows as a request with phases, model and tokens, found under its trace id', async () => {
  const traceId = await runApp({ OTEL_EXPORTER_OTLP_ENDPOINT: server.otlpUrl });
  const response = await fetch(`${server.url}/api/requests/${traceId}/timeline`);
  expect(response.status).toBe(200);
  const timeline = (await response.json()) as { request: object; phases: readonly { phase: string }[] };
  expect(timeline.request).toMatchObject({
    request_id: traceId,
    name: 'POST /chat',
    model: 'gpt-4o',
    status: 'completed',
    input_tokens: 321,
    output_tokens: 45,
    span_count: 3,
  });
  expect(timeline.phases.map(({ phase }) => phase)).toEqual(['retrieval', 'chat gpt-4o']);
});

function runApp(env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', APP], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, ...env },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('exit', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`the app ended with ${code}: ${errors}`)),
    );
  });
}
