import { readFileSync } from 'node:fs';
import type { RequestTimeline, Span } from '@vedetta/client';
import type { LangfuseTrace, OtlpRequest, SpanDump } from '@vedetta/receive/testing';
import {
  encodeJsonTraces,
  encodeProtobufTraces,
  filesEndingWith,
  fromAttributes,
  fromLangfuseExport,
  fromSpanDumps,
  readJson,
  sharedDataFolder,
} from '@vedetta/receive/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

const folder = sharedDataFolder('otlp-genai-traces');
const frameworkFiles = folder === undefined ? [] : filesEndingWith(`${folder}langfuse-framework-traces`, '.trace.json');

// Langfuse counted this one itself; what the sender said is what must come out.
const COUNTED_BY_LANGFUSE = new Set(['1dc6768109615657']);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ content: 'full' });
});
afterAll(closeTestServers);

async function post(request: OtlpRequest, encoding: 'protobuf' | 'json' = 'protobuf'): Promise<void> {
  const answer = await send(`${server.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf' },
    body: encoding === 'json' ? encodeJsonTraces(request) : encodeProtobufTraces(request),
  });
  expect(answer.status).toBe(200);
}

const usageOf = (span: Span) => (span.gen_ai?.usage ?? {}) as { input_tokens?: number; output_tokens?: number };

describe.skipIf(folder === undefined)(
  'real traces through /v1/traces and out of the API (skipped: no shared data)',
  () => {
    test('there are the files of ten frameworks', () => {
      expect(frameworkFiles.length).toBe(10);
    });

    test.each(frameworkFiles)('%s', async (file) => {
      const exported = readJson(`${folder}langfuse-framework-traces/${file}`) as LangfuseTrace;
      const request = fromLangfuseExport(exported);
      await post(request);
      // Once more, in the other encoding: nothing may change.
      await post(request, 'json');

      const timelines = new Map<string, RequestTimeline>();
      const spans = new Map<string, Span>();
      for (const { traceId } of exported.observations) {
        if (timelines.has(traceId)) continue;
        const timeline = await server.client.requestTimeline(traceId);
        timelines.set(traceId, timeline);
        for (const span of timeline.spans) spans.set(span.span_id, span);
      }
      expect(spans.size).toBe(exported.observations.length);

      for (const observation of exported.observations) {
        const span = spans.get(observation.id);
        expect([span?.name, span?.trace_id, span?.parent_span_id]).toEqual([
          observation.name,
          observation.traceId,
          observation.parentObservationId ?? '',
        ]);
        if (span === undefined) continue;
        expect(span.start_time.slice(0, 23)).toBe(observation.startTime.slice(0, 23));
        if (observation.model !== null) {
          expect([span.gen_ai?.request_model, span.gen_ai?.response_model]).toContain(observation.model);
        }
        if (observation.type !== 'GENERATION' || COUNTED_BY_LANGFUSE.has(observation.id)) continue;
        const { input_tokens: input, output_tokens: output } = usageOf(span);
        const { usageDetails } = observation;
        expect([observation.id, input, output]).toEqual([observation.id, usageDetails.input, usageDetails.output]);
      }

      // A request's tokens are those of its calls, each counted once: agents and chains repeat them, and so does a framework's
      // span around the client's own.
      for (const [traceId, timeline] of timelines) {
        const reported = timeline.spans.filter(
          (span) => span.gen_ai?.operation === 'chat' && span.gen_ai.aggregate === false,
        );
        const calls = reported.filter(({ span_id }) => !reported.some((inner) => inner.parent_span_id === span_id));
        const sum = (name: 'input_tokens' | 'output_tokens') =>
          calls.reduce((total, span) => total + (usageOf(span)[name] ?? 0), 0);
        const rows = [timeline.request, ...timeline.related];
        expect([traceId, rows.reduce((total, row) => total + (row.input_tokens ?? 0), 0)]).toEqual([
          traceId,
          sum('input_tokens'),
        ]);
        expect(rows.reduce((total, row) => total + (row.output_tokens ?? 0), 0)).toBe(sum('output_tokens'));
        expect(rows.reduce((total, row) => total + row.llm_calls, 0)).toBe(calls.length);
      }
    });

    test('the example of the OTLP specification, byte for byte', async () => {
      const body = readFileSync(`${folder}otlp-proto-examples/trace.json`);
      const headers = { 'content-type': 'application/json' };
      const answer = await send(`${server.url}/v1/traces`, { method: 'POST', headers, body });
      expect([answer.status, answer.body.toString()]).toEqual([200, '{}']);
      const { request, spans } = await server.client.requestTimeline('5b8efff798038103d269b633813fc60c');
      // Its root never came: the oldest span that is known stands in for it.
      expect(request).toMatchObject({ service: 'my.service', name: "I'm a server span", duration_ms: 1000 });
      expect(spans).toMatchObject([
        { kind: 'server', parent_span_id: 'eee19b7ec3c1b173', attributes: { 'my.span.attr': 'some value' } },
      ]);
    });

    test('metrics.json of the OTLP specification is refused for its age, and stored with the time of today', async () => {
      const body = readFileSync(`${folder}otlp-proto-examples/metrics.json`, 'utf8');
      const headers = { 'content-type': 'application/json' };
      const push = (text: string) => send(`${server.url}/v1/metrics`, { method: 'POST', headers, body: text });
      const old = await push(body);
      expect([old.status, old.json()]).toEqual([
        200,
        {
          partialSuccess: {
            rejectedDataPoints: '4',
            errorMessage: 'a sample of my_counter_total is older than what is kept',
          },
        },
      ]);
      const now = await push(body.replaceAll(/"timeUnixNano": "\d+"/g, `"timeUnixNano": "${Date.now()}000000"`));
      expect([now.status, now.json()]).toEqual([200, {}]);
    });

    test.each(['logs.json', 'events.json'])('%s of the OTLP specification is refused with a sentence', async (file) => {
      const body = readFileSync(`${folder}otlp-proto-examples/${file}`);
      const answer = await send(`${server.url}/v1/logs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect([answer.status, typeof answer.json().message]).toEqual([404, 'string']);
    });

    test.each(['ai-embed.json', 'ai-generateText-doGenerate.json', 'ai-generateText.json'])(
      '%s of the Vercel AI SDK',
      async (file) => {
        const dumps = readJson(`${folder}openinference/${file}`) as SpanDump[];
        await post(fromSpanDumps(dumps, 'ai'));
        for (const dump of dumps) {
          const { spans } = await server.client.requestTimeline(dump.spanContext.traceId);
          const span = spans.find((candidate) => candidate.span_id === dump.spanContext.spanId);
          expect([span?.gen_ai?.request_model, span?.gen_ai?.response_model]).toContain(dump.attributes['ai.model.id']);
        }
      },
    );

    test.each([
      ['openinference_client_span_tool_calls.json', 'gpt-4'],
      ['otel_genai_client_span_tool_calls.json', 'gpt-4'],
    ])('%s', async (file, model) => {
      const attributes = readJson(`${folder}openinference/${file}`) as Parameters<typeof fromAttributes>[0];
      const request = fromAttributes(attributes, file);
      const span = request.resourceSpans[0]?.scopeSpans[0]?.spans[0];
      // Both files use the same made-up ids.
      const traceId = file.length.toString(16).padStart(32, 'c');
      await post(JSON.parse(JSON.stringify(request).replaceAll(span?.traceId ?? '', traceId)) as OtlpRequest);
      const timeline = await server.client.requestTimeline(traceId);
      expect(timeline.request.model).toContain(model);
      expect(JSON.stringify(timeline.spans[0]?.gen_ai)).toContain('get_weather');
    });
  },
);
