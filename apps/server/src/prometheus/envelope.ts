import { PromqlError, RegexError } from '@vedetta/query';
import type { FastifyReply } from 'fastify';
import { ProblemError } from '../http/problem.js';
import { sendParts } from './send-parts.js';

/** Kinds of errors of Prometheus' API. */
export type ApiErrorType = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'internal' | 'unavailable' | 'not_found';

const STATUS: Readonly<Record<ApiErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  canceled: 499,
  internal: 500,
  unavailable: 503,
  not_found: 404,
};

/** A question that cannot be answered; its message is for the one who asked. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly type: ApiErrorType;
  constructor(type: ApiErrorType, message: string) {
    super(message);
    this.type = type;
  }
}

/** What a route answers, in Prometheus' envelope. */
export interface ApiAnswer {
  /** JSON that is written already, in parts, or a value that becomes JSON. */
  readonly data: WrittenJson | object | string | readonly unknown[];
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** JSON that is written already: large results are not built as objects, or as one text, first. */
export class WrittenJson {
  readonly parts: Iterable<string>;
  constructor(parts: Iterable<string>) {
    this.parts = parts;
  }
}

export function sendAnswer(reply: FastifyReply, answer: ApiAnswer): FastifyReply {
  return sendParts(reply, partsOf(answer));
}

function* partsOf({ data, warnings = [], infos = [] }: ApiAnswer): Generator<string> {
  yield '{"status":"success","data":';
  if (data instanceof WrittenJson) yield* data.parts;
  else yield JSON.stringify(data);
  if (warnings.length > 0) yield `,"warnings":${JSON.stringify(warnings)}`;
  if (infos.length > 0) yield `,"infos":${JSON.stringify(infos)}`;
  yield '}';
}

/** Answers an error; `undefined` when it is none of these and the server's own fault. */
export function toApiError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  if (error instanceof PromqlError) {
    return new ApiError(error.kind === 'too_large' ? 'execution' : error.kind, error.message);
  }
  if (error instanceof RegexError) return new ApiError('bad_data', error.message);
  if (error instanceof ProblemError && error.status < 500) return new ApiError('bad_data', error.message);
  // The framework's: a body that is too large or of another type.
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (error instanceof Error && status >= 400 && status < 500) return new ApiError('bad_data', error.message);
  return undefined;
}

export function sendApiError(reply: FastifyReply, { type, message }: ApiError): FastifyReply {
  return reply
    .code(STATUS[type])
    .type('application/json')
    .serializer(String)
    .send(JSON.stringify({ status: 'error', errorType: type, error: message }));
}
