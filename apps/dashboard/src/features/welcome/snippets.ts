/** A way to send a first request, as text to copy. */
export interface Snippet {
  readonly id: string;
  readonly label: string;
  readonly before: string;
  readonly code: string;
}

/** Ways to send a first request to the server at `origin` (`http://127.0.0.1:8080`). */
export function snippets(origin: string): readonly Snippet[] {
  return [
    {
      id: 'curl',
      label: 'curl',
      before: 'Paste into a terminal; it sends one request with two phases.',
      code: curl(origin),
    },
    { id: 'node', label: 'Node SDK', before: 'npm install @vedetta/sdk, then:', code: node(origin) },
    {
      id: 'http',
      label: 'Fastify, Express',
      before: 'Every call becomes a request, errors included.',
      code: http(origin),
    },
    {
      id: 'otel',
      label: 'OpenTelemetry',
      before: 'Any OpenTelemetry exporter, in any language, by environment variables:',
      code: otel(origin),
    },
    {
      id: 'python',
      label: 'Python',
      before: 'An OpenAI app with the OpenTelemetry instrumentation:',
      code: python(origin),
    },
  ];
}

const otel = (origin: string) => `export OTEL_SERVICE_NAME=my-app
export OTEL_EXPORTER_OTLP_ENDPOINT=${origin}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental
`;

const python = (origin: string) => `pip install opentelemetry-distro opentelemetry-exporter-otlp-proto-http \\
  opentelemetry-instrumentation-openai-v2

export OTEL_SERVICE_NAME=my-app
export OTEL_EXPORTER_OTLP_ENDPOINT=${origin}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true
opentelemetry-instrument python app.py
`;

const node = (origin: string) => `import { setTimeout as work } from 'node:timers/promises';
import { createMonitor } from '@vedetta/sdk';

const monitor = createMonitor({ serviceName: 'my-app', endpoint: '${origin}' });

await monitor.request({ name: 'answer', model: 'gpt-4o', modality: 'text', userId: 'ada' }, async (request) => {
  await request.phase('retrieval', () => work(120)); // your search
  await request.phase('generation', () => work(800)); // your model call
  request.llm({
    provider: 'openai',
    usage: { inputTokens: 812, outputTokens: 96 },
    input: 'What does a lookout do?',
    output: 'It keeps watch, and raises the alarm.',
  });
});
`;

const http = (origin: string) => `import { createMonitor } from '@vedetta/sdk';
import { fastifyPlugin } from '@vedetta/sdk/fastify';
import { expressErrors, expressMiddleware } from '@vedetta/sdk/express';

const monitor = createMonitor({ serviceName: 'my-app', endpoint: '${origin}' });

// Fastify
await fastify.register(fastifyPlugin(monitor));

// Express: first the middleware, then the routes, then the errors
express.use(expressMiddleware(monitor));
express.post('/v1/chat/completions', handler);
express.use(expressErrors());

// in a handler
await monitor.current()?.phase('generation', () => askModel(body));
`;

/** The times are computed by the shell: requests older than the range shown would not appear. */
const curl = (origin: string) => `now=$(date +%s)
trace=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')
curl -sS ${origin}/v1/traces -H 'content-type: application/json' -d @- <<END
{"resourceSpans": [{
  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "curl"}}]},
  "scopeSpans": [{"spans": [
    {"traceId": "$trace", "spanId": "00000000000000a1", "name": "first request", "kind": 2,
     "startTimeUnixNano": "$((now - 2))000000000", "endTimeUnixNano": "\${now}000000000", "status": {"code": 1}},
    {"traceId": "$trace", "spanId": "00000000000000a2", "parentSpanId": "00000000000000a1", "name": "retrieval", "kind": 1,
     "startTimeUnixNano": "$((now - 2))000000000", "endTimeUnixNano": "$((now - 2))450000000"},
    {"traceId": "$trace", "spanId": "00000000000000a3", "parentSpanId": "00000000000000a1", "name": "generation", "kind": 3,
     "startTimeUnixNano": "$((now - 2))450000000", "endTimeUnixNano": "\${now}000000000",
     "attributes": [
       {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
       {"key": "gen_ai.provider.name", "value": {"stringValue": "openai"}},
       {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o"}},
       {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "812"}},
       {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "96"}}]}
  ]}]}]}
END
`;
