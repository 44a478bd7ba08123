import type { Span, SpanOrigin } from '@vedetta/model';

/** Spans of one generated request: its root and five phases. */
export const SPANS_PER_REQUEST = 6;

const PHASES = ['request_received', 'retrieval', 'grading', 'vllm_routing', 'generation'] as const;
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4', 'llama-3.3-70b', 'mistral-small', 'qwen3-8b'] as const;
const MODALITIES = ['text', 'text', 'text', 'text', 'image', 'audio', 'multimodal', 'embedding'] as const;
const WORDS =
  'the invoice of march shows a total that differs from the order please explain which line changed and who approved it'.split(
    ' ',
  );
const ERRORS = [
  ['RateLimitError', 'Rate limit reached for requests: 500 per minute, retry after 12 s'],
  ['TimeoutError', 'No answer from http://10.0.0.7:8000/v1 within 30000 ms'],
  ['BadRequestError', 'This model has a context of 128000 tokens, 131072 were sent'],
] as const;

/** Makes requests that look like recorded ones, the same for the same seed. */
export interface RequestGenerator {
  /** Spans of the next request, root first; `startUnixNano` is its start. */
  next(startUnixNano: bigint): Span[];
}

export function createRequestGenerator(seed: number): RequestGenerator {
  const random = mulberry32(seed);
  const origin: SpanOrigin = {
    serviceName: 'chat-api',
    resource: {
      'service.name': 'chat-api',
      'service.version': '2.4.1',
      'host.name': 'node-1',
      'telemetry.sdk.language': 'nodejs',
    },
    scopeName: '@vedetta/sdk',
    scopeVersion: '0.1.0',
  };
  let made = 0;
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits)
      text += Math.floor(random() * 4294967296)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, digits);
  };
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * random() * list.length)]!;
  const sentence = (words: number): string =>
    Array.from({ length: words }, () => WORDS[Math.floor(random() * WORDS.length)]).join(' ');

  return {
    next(startUnixNano) {
      const traceId = hex(32);
      const rootId = hex(16);
      const requestId = `req-${seed}-${made++}-${hex(8)}`;
      const model = pick(MODELS);
      const failed = random() < 0.03;
      const [errorType, errorMessage] = pick(ERRORS);
      const user = `user-${Math.floor(random() * random() * 5000)}`;
      let at = 0;
      const phases = PHASES.map((name, index): Span => {
        const ms = Math.round(-Math.log(1 - random()) * (index === 4 ? 900 : 40) * 1000) / 1000;
        const start = startUnixNano + BigInt(Math.round(at * 1e6));
        at += ms;
        const last = index === PHASES.length - 1;
        return {
          traceId,
          spanId: hex(16),
          parentSpanId: rootId,
          name,
          kind: last ? 3 : 1,
          startUnixNano: start,
          endUnixNano: start + BigInt(Math.round(ms * 1e6)),
          statusCode: last && failed ? 2 : 0,
          statusMessage: '',
          attributes: {
            'vedetta.span.kind': 'phase',
            'vedetta.request.id': requestId,
            ...(last && { 'gen_ai.request.model': model }),
          },
          events: [],
          links: [],
          origin,
          facts: { vedettaKind: 'phase', requestId },
          genAi: last
            ? {
                operation: 'chat',
                provider: 'openai',
                requestModel: model,
                aggregate: false,
                dialects: ['gen_ai'],
                timeToFirstTokenMs: ms / 8,
                suppliedCostUsd: Math.round(random() * 1e4) / 1e6,
                usage: {
                  source: 'reported',
                  inputTokens: 50 + Math.floor(random() * 4000),
                  outputTokens: 10 + Math.floor(random() * 800),
                },
              }
            : undefined,
        };
      });
      const root: Span = {
        traceId,
        spanId: rootId,
        parentSpanId: '',
        name: 'POST /v1/chat/completions',
        kind: 2,
        startUnixNano,
        endUnixNano: startUnixNano + BigInt(Math.round((at + 1) * 1e6)),
        statusCode: failed ? 2 : 1,
        statusMessage: failed ? errorMessage : '',
        attributes: {
          'vedetta.span.kind': 'request',
          'vedetta.request.id': requestId,
          'http.route': '/v1/chat/completions',
          'user.id': user,
        },
        events: [],
        links: [],
        origin,
        facts: {
          vedettaKind: 'request',
          requestId,
          modality: pick(MODALITIES),
          stream: random() < 0.5,
          userId: user,
          sessionId: `session-${Math.floor(random() * 40_000)}`,
          requestSizeBytes: 200 + Math.floor(random() * 9000),
          ...(failed && { errorType, errorMessage }),
        },
        genAi: {
          operation: '',
          requestModel: model,
          aggregate: true,
          dialects: ['gen_ai'],
          inputMessages: [{ role: 'user', parts: [{ type: 'text', content: sentence(20) }] }],
          outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: sentence(20) }] }],
        },
      };
      return [root, ...phases];
    },
  };
}

/** A small seeded generator: benches must see the same data in every run. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
