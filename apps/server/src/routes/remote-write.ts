import type { RemoteWriteVersion } from '@vedetta/receive';
import { readBody } from '@vedetta/receive';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem.js';
import type { HeldBody } from '../ingest/body-budget.js';
import { countRefused } from '../ingest/ingest-counters.js';
import type { RemoteWriteOutcome, RemoteWriteParts } from '../ingest/remote-write-intake.js';
import { RemoteWriteIntake } from '../ingest/remote-write-intake.js';
import type { ServerContext } from '../server-context.js';

const MIB = 1024 * 1024;
const BUSY_RETRY_AFTER_SECONDS = 2;
const PATHS = ['/prometheus/api/v1/write', '/api/v1/write'] as const;

/** What the routes need of the server. */
export interface RemoteWriteContext extends RemoteWriteParts, Pick<ServerContext, 'bodyBudget'> {
  readonly config: { readonly otlp: { readonly maxBodyMb: number } };
}

/** Prometheus remote write 1.0 and 2.0. */
export async function remoteWriteRoutes(app: FastifyInstance, context: RemoteWriteContext): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  const intake = new RemoteWriteIntake(context);
  for (const url of PATHS) {
    app.post(url, { schema: { hide: true } }, (request, reply) => take(request, reply, context, intake));
  }
}

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  context: RemoteWriteContext,
  intake: RemoteWriteIntake,
): Promise<FastifyReply> {
  const version = versionOf(request.headers['content-type']);
  const encoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (version === undefined) {
    throw new ProblemError(
      415,
      'Content-Type must be application/x-protobuf, with proto=prometheus.WriteRequest or proto=io.prometheus.write.v2.Request',
    );
  }
  if (encoding !== 'snappy') throw new ProblemError(415, 'Content-Encoding must be snappy');
  const maxBytes = context.config.otlp.maxBodyMb * MIB;
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(context);
  const held: HeldBody = { bytes: 0, exceeded: false };
  try {
    const read = await readBody(context.bodyBudget.count(request.raw, held), { maxBytes });
    if (held.exceeded) {
      countRefused(context.counters, context.now());
      throw busy(BUSY_RETRY_AFTER_SECONDS);
    }
    if (read.kind === 'too_large') throw tooLarge(context);
    if (read.kind !== 'ok') throw new ProblemError(400, 'the body could not be read to its end');
    const decoded = await context.bodyBudget.decode(() => intake.decode(read.body, version, maxBytes));
    context.bodyBudget.release(held);
    try {
      return answer(reply, version, await intake.store(decoded, version), context);
    } finally {
      if (decoded.kind === 'ok') decoded.release();
    }
  } finally {
    context.bodyBudget.release(held);
  }
}

function answer(
  reply: FastifyReply,
  version: RemoteWriteVersion,
  outcome: RemoteWriteOutcome,
  context: RemoteWriteContext,
): FastifyReply {
  switch (outcome.kind) {
    case 'stored': {
      const headers = version === '2.0' ? writtenHeaders(outcome) : {};
      if (outcome.rejected === 0) return reply.code(204).headers(headers).send();
      const message = `${outcome.rejected} samples or histograms can never be stored; the first: ${outcome.reason}`;
      throw new ProblemError(400, message, { headers });
    }
    case 'too_large':
      throw tooLarge(context);
    case 'invalid':
      throw new ProblemError(400, outcome.message);
    case 'busy':
      throw busy(Math.max(1, Math.ceil(outcome.retryAfterMs / 1000)));
    case 'failed':
      throw new ProblemError(500, 'the samples could not be stored; send them again');
  }
}

/** Without these a sender of 2.0 takes the receiver for one of 1.0. */
function writtenHeaders(outcome: Extract<RemoteWriteOutcome, { kind: 'stored' }>): Record<string, string> {
  return {
    'x-prometheus-remote-write-samples-written': String(outcome.written),
    'x-prometheus-remote-write-histograms-written': String(outcome.writtenHistograms),
    'x-prometheus-remote-write-exemplars-written': String(outcome.writtenExemplars),
  };
}

/** The version a `Content-Type` names; without `proto` it is the first. */
function versionOf(contentType: string | undefined): RemoteWriteVersion | undefined {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim());
  if (type?.toLowerCase() !== 'application/x-protobuf') return undefined;
  const proto = parameters.find((part) => part.toLowerCase().startsWith('proto='))?.slice('proto='.length);
  if (proto === undefined || proto === 'prometheus.WriteRequest') return '1.0';
  return proto === 'io.prometheus.write.v2.Request' ? '2.0' : undefined;
}

function busy(retryAfterSeconds: number): ProblemError {
  return new ProblemError(503, 'the store is busy; send the samples again', {
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
}

function tooLarge(context: RemoteWriteContext): ProblemError {
  return new ProblemError(413, `the body is larger than ${context.config.otlp.maxBodyMb} MiB; send smaller batches`, {
    headers: { connection: 'close' },
  });
}
