import { encodeMetricsResponse, encodeTraceResponse, readBody } from '@vedetta/receive';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem.js';
import type { HeldBody } from '../ingest/body-budget.js';
import { countRefused } from '../ingest/ingest-counters.js';
import type { OtlpEncoding } from '../ingest/otlp-encoding.js';
import {
  encodingOf,
  JSON_TYPE,
  METRIC_PATHS,
  OTHER_SIGNAL_PATHS,
  PROTOBUF_TYPE,
  TRACE_PATHS,
} from '../ingest/otlp-encoding.js';
import type { IngestOutcome } from '../pipeline.js';
import type { ServerContext } from '../server-context.js';

const MIB = 1024 * 1024;
// Long enough for the bodies that are being read to be stored.
const BUSY_RETRY_AFTER_SECONDS = 2;

/** What differs between traces and metrics. */
interface Signal {
  readonly items: string;
  readonly take: (body: Uint8Array, encoding: OtlpEncoding) => Promise<IngestOutcome>;
  readonly encodeResponse: typeof encodeTraceResponse;
}

/** OTLP over HTTP: traces and metrics in protobuf and JSON. */
export async function otlpRoutes(app: FastifyInstance, context: ServerContext): Promise<void> {
  // The body stays a stream: it is read with a limit that also holds for what it decompresses to.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  const traces: Signal = {
    items: 'spans',
    take: (body, encoding) => context.pipeline.takeBody(body, encoding),
    encodeResponse: encodeTraceResponse,
  };
  const metrics: Signal = {
    items: 'data points',
    take: (body, encoding) => context.metricIntake.takeBody(body, encoding),
    encodeResponse: encodeMetricsResponse,
  };
  for (const url of TRACE_PATHS) {
    app.post(url, { schema: { hide: url !== TRACE_PATHS[0], ...TRACES_DOCUMENTATION } }, (request, reply) =>
      take(request, reply, context, traces),
    );
  }
  for (const url of METRIC_PATHS) {
    app.post(url, { schema: { hide: url !== METRIC_PATHS[0], ...METRICS_DOCUMENTATION } }, (request, reply) =>
      take(request, reply, context, metrics),
    );
  }
  for (const url of OTHER_SIGNAL_PATHS) {
    app.post(url, { schema: { hide: true } }, async () => {
      const signal = url.slice(url.lastIndexOf('/') + 1);
      throw new ProblemError(
        404,
        `Vedetta receives traces and metrics, not ${signal}; set OTEL_${signal.toUpperCase()}_EXPORTER=none to stop sending them`,
      );
    });
  }
}

const TRACES_DOCUMENTATION = {
  tags: ['OTLP'],
  summary: 'Receive spans (OTLP/HTTP)',
  description:
    'Body: ExportTraceServiceRequest in protobuf or JSON, gzip allowed. Answers 200 after the spans are durable; spans that can never be accepted are counted in a partial success. Errors are a google.rpc.Status in the encoding of the request.',
} as const;

const METRICS_DOCUMENTATION = {
  tags: ['OTLP'],
  summary: 'Receive metrics (OTLP/HTTP)',
  description:
    'Body: ExportMetricsServiceRequest in protobuf or JSON, gzip allowed. Becomes samples of Prometheus series. Answers 200 after they are durable; data points that can never be accepted are counted in a partial success. Errors are a google.rpc.Status in the encoding of the request.',
} as const;

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  context: ServerContext,
  signal: Signal,
): Promise<FastifyReply> {
  const encoding = encodingOf(request.headers['content-type']);
  if (encoding === undefined) {
    const shown = JSON.stringify(request.headers['content-type'] ?? 'absent');
    throw new ProblemError(415, `Content-Type must be ${PROTOBUF_TYPE} or ${JSON_TYPE}, not ${shown}`);
  }
  const held: HeldBody = { bytes: 0, exceeded: false };
  try {
    const compressed = await receive(request, context, held);
    const outcome = await context.bodyBudget.decode(async () => ({
      // Wrapped, so that the turn ends when the body is decoded and not when the store has committed it.
      written: signal.take(await decompress(compressed, request, context), encoding),
    }));
    context.bodyBudget.release(held);
    return answer(reply, encoding, await outcome.written, signal);
  } finally {
    context.bodyBudget.release(held);
  }
}

async function receive(request: FastifyRequest, context: ServerContext, held: HeldBody): Promise<Uint8Array> {
  const maxBytes = context.config.otlp.maxBodyMb * MIB;
  // Said before a byte is read, where the sender states the size.
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(context);
  const read = await readBody(context.bodyBudget.count(request.raw, held), { maxBytes });
  if (held.exceeded) {
    countRefused(context.counters, context.now());
    throw busy('too many bodies are being received at once', BUSY_RETRY_AFTER_SECONDS);
  }
  return unwrap(read, context);
}

async function decompress(body: Uint8Array, request: FastifyRequest, context: ServerContext): Promise<Uint8Array> {
  const contentEncoding = request.headers['content-encoding'];
  const maxBytes = context.config.otlp.maxBodyMb * MIB;
  return unwrap(await readBody(once(body), { contentEncoding, maxBytes }), context);
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}

function unwrap(result: Awaited<ReturnType<typeof readBody>>, context: ServerContext): Uint8Array {
  switch (result.kind) {
    case 'ok':
      return result.body;
    case 'too_large':
      throw tooLarge(context);
    case 'unsupported_encoding':
      throw new ProblemError(415, `Content-Encoding must be gzip or absent, not "${result.encoding.slice(0, 40)}"`);
    case 'invalid':
      context.counters.invalidBodies += 1;
      throw new ProblemError(400, result.message);
  }
}

function answer(reply: FastifyReply, encoding: OtlpEncoding, outcome: IngestOutcome, signal: Signal): FastifyReply {
  switch (outcome.kind) {
    case 'stored': {
      const body = signal.encodeResponse(encoding, { rejected: outcome.rejected, message: outcome.rejectedReason });
      return reply.type(encoding === 'json' ? JSON_TYPE : PROTOBUF_TYPE).send(Buffer.from(body));
    }
    case 'invalid':
      throw new ProblemError(400, outcome.message);
    case 'busy':
      throw busy('the store is busy; send the batch again', Math.max(1, Math.ceil(outcome.retryAfterMs / 1000)));
    // 503 and not 500: exporters drop a batch that was answered with 500.
    case 'failed':
      throw busy(`the ${signal.items} could not be stored; send the batch again`, BUSY_RETRY_AFTER_SECONDS);
  }
}

function busy(message: string, retryAfterSeconds: number): ProblemError {
  return new ProblemError(503, message, { headers: { 'retry-after': String(retryAfterSeconds) } });
}

function tooLarge(context: ServerContext): ProblemError {
  // The rest of the body is not read: the connection cannot be used again.
  return new ProblemError(413, `the body is larger than ${context.config.otlp.maxBodyMb} MiB; send smaller batches`, {
    headers: { connection: 'close' },
  });
}
