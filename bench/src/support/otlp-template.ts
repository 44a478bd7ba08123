import { randomFillSync } from 'node:crypto';
import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

/** An OTLP protobuf body whose ids and times can be made new in place, so that a load generator costs next to nothing. */
export interface OtlpTemplate {
  readonly spans: number;
  readonly requests: number;
  /** A copy with fresh trace and span ids, all times shifted so that the newest span ends at `endUnixNano`. */
  instantiate(endUnixNano: bigint): Buffer;
}

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'llama3.1:8b'];
const PHASES = ['request_received', 'modality_detection', 'vllm_routing', 'regolo_response', 'total_request'];

/**
 * Builds a body of `requests` traces, each a root, five phases of which one is an LLM call with usage and messages, written by
 * OpenTelemetry's own SDK and serialiser.
 */
export function createOtlpTemplate(requests: number): OtlpTemplate {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('bench', '1.0.0');
  const base = 1_790_000_000_000;
  for (let index = 0; index < requests; index += 1) {
    const model = MODELS[index % MODELS.length]!;
    const root = tracer.startSpan('POST /v1/chat/completions', {
      startTime: base + index,
      attributes: {
        'user.id': `user-${index % 500}`,
        'session.id': `session-${index % 2000}`,
        'vedetta.modality': 'text',
      },
    });
    const context = trace.setSpan(ROOT_CONTEXT, root);
    PHASES.forEach((phase, step) => {
      const attributes =
        phase === 'regolo_response'
          ? {
              'gen_ai.operation.name': 'chat',
              'gen_ai.provider.name': 'openai',
              'gen_ai.request.model': model,
              'gen_ai.response.model': model,
              'gen_ai.usage.input_tokens': 812 + index,
              'gen_ai.usage.output_tokens': 96,
              'gen_ai.input.messages': `[{"role":"user","parts":[{"type":"text","content":"Summarise ticket ${index} for the on-call engineer, please."}]}]`,
              'gen_ai.output.messages':
                '[{"role":"assistant","parts":[{"type":"text","content":"The customer cannot log in since the deployment."}],"finish_reason":"stop"}]',
            }
          : { 'vedetta.step': step };
      const span = tracer.startSpan(phase, { startTime: base + index + step, attributes }, context);
      span.end(base + index + step + 40);
    });
    if (index % 20 === 0) root.setStatus({ code: SpanStatusCode.ERROR, message: 'upstream answered 503' });
    root.end(base + index + 300);
  }
  const spans = exporter.getFinishedSpans();
  const body = Buffer.from(ProtobufTraceSerializer.serializeRequest(spans)!);
  return patchable(body, spans.length, requests, BigInt(base + requests + 300) * 1_000_000n);
}

function patchable(body: Buffer, spans: number, requests: number, newest: bigint): OtlpTemplate {
  const ids = new Map<string, number[]>();
  const times: number[] = [];
  walkSpans(
    body,
    (at, length) => {
      const key = body.toString('hex', at, at + length);
      const places = ids.get(key);
      if (places === undefined) ids.set(key, [at]);
      else places.push(at);
    },
    (at) => times.push(at),
  );
  const groups = [...ids].map(([hex, places]) => ({ length: hex.length / 2, places }));
  const idBytes = groups.reduce((sum, group) => sum + group.length, 0);
  const original = times.map((at) => body.readBigUInt64LE(at));
  return {
    spans,
    requests,
    instantiate(endUnixNano) {
      const copy = Buffer.from(body);
      const random = randomFillSync(Buffer.allocUnsafe(idBytes));
      let from = 0;
      for (const { length, places } of groups) {
        for (const at of places) random.copy(copy, at, from, from + length);
        from += length;
      }
      const shift = endUnixNano - newest;
      for (let index = 0; index < times.length; index += 1)
        copy.writeBigUInt64LE(original[index]! + shift, times[index]!);
      return copy;
    },
  };
}

/** Calls back with the place of each id and each time of every span: fields 1, 2, 4 (ids) and 7, 8 (fixed64 times) of `Span`. */
function walkSpans(body: Buffer, onId: (at: number, length: number) => void, onTime: (at: number) => void): void {
  const message = (start: number, end: number, path: readonly number[]): void => {
    let at = start;
    const varint = (): number => {
      let value = 0;
      for (let shift = 1; ; shift *= 128) {
        const byte = body[at]!;
        at += 1;
        value += (byte & 127) * shift;
        if (byte < 128) return value;
      }
    };
    while (at < end) {
      const tag = varint();
      const field = tag >>> 3;
      const wire = tag & 7;
      if (wire === 0) varint();
      else if (wire === 1) {
        if (path.length === 0 && (field === 7 || field === 8)) onTime(at);
        at += 8;
      } else if (wire === 5) at += 4;
      else {
        const length = varint();
        if (path.length > 0 && field === path[0]) message(at, at + length, path.slice(1));
        else if (path.length === 0 && (field === 1 || field === 2 || field === 4) && length > 0) onId(at, length);
        at += length;
      }
    }
  };
  // ExportTraceServiceRequest.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2.
  message(0, body.length, [1, 2, 2]);
}
