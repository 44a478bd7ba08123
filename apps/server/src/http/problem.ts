import type { Problem } from '@vedetta/client';

/** Titles of the statuses the API answers with (RFC 9110). */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What an answer with problem details may carry besides its status and sentence. */
export interface ProblemExtras {
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a request with RFC 9457 problem details; thrown by hooks and handlers, rendered in one place. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly extras: ProblemExtras;
  constructor(status: number, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.extras = extras;
  }
}

/** A 400 about one field of the query or body. */
export function invalidField(field: string, message: string): ProblemError {
  return new ProblemError(400, `${field}: ${message}`, { errors: [{ field, message }] });
}

/** The body of a problem answer. */
export function toProblem(error: ProblemError, instance: string): Problem {
  return {
    type: 'about:blank',
    title: titleOf(error.status),
    status: error.status,
    detail: error.message,
    instance,
    ...(error.extras.errors === undefined ? {} : { errors: [...error.extras.errors] }),
  };
}

export function titleOf(status: number): string {
  return TITLES[status] ?? 'Error';
}
