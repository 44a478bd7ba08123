import { encodeStatus } from '@vedetta/receive';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { encodingOf, isOtlpPath, JSON_TYPE, PROTOBUF_TYPE } from '../ingest/otlp-encoding.js';
import { ProblemError, toProblem } from './problem.js';
import { pathOf } from './request-path.js';

/** gRPC codes that go with an HTTP status in a `google.rpc.Status`. */
const GRPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 12,
  405: 12,
  408: 4,
  413: 8,
  415: 3,
  429: 14,
  500: 13,
  503: 14,
};

/** Makes every failure of an app an answer in the right shape: `google.rpc.Status` on OTLP paths, problem details elsewhere. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, toProblemError(error, request)));
}

/** Sends one problem; also used where no error is thrown. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: ProblemError): FastifyReply {
  const path = pathOf(request);
  reply.code(error.status).headers(error.extras.headers ?? {});
  if (isOtlpPath(path)) {
    const encoding = encodingOf(request.headers['content-type']) ?? 'json';
    const code = GRPC_CODES[error.status];
    return reply
      .type(encoding === 'json' ? JSON_TYPE : PROTOBUF_TYPE)
      .send(Buffer.from(encodeStatus(encoding, { ...(code === undefined ? {} : { code }), message: error.message })));
  }
  return reply.type('application/problem+json').send(JSON.stringify(toProblem(error, path)));
}

function toProblemError(error: unknown, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error;
  const status = statusOf(error);
  if (error instanceof Error && status >= 400 && status < 500) return fromFramework(error, status, request);
  // The sentence of an unexpected error may hold anything, a prompt too: it goes to the log's error field, not to the client.
  request.log.error({ err: error, method: request.method, path: pathOf(request) }, 'request failed');
  return new ProblemError(500, 'the server failed to answer; its log says why');
}

function fromFramework(error: Error, status: number, request: FastifyRequest): ProblemError {
  switch (status) {
    case 413:
      return new ProblemError(413, 'the body is larger than this route takes (1 MiB)');
    case 415:
      return new ProblemError(
        415,
        `Content-Type must be application/json, not ${JSON.stringify(request.headers['content-type'] ?? 'absent')}`,
      );
    default:
      return new ProblemError(status, error.message);
  }
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}
