import type { Socket } from 'node:net';
import { ProblemError, titleOf, toProblem } from './problem.js';

/** A failure of the HTTP parser, before there is a request that any route could answer. */
export interface ParserError extends Error {
  readonly code?: string;
}

/**
 * Answers what Node's HTTP parser refuses (headers over 16 KiB, no HTTP at all, a request that takes too long) as problem details,
 * then closes the connection: what follows on it cannot be told apart from the rest of the broken request.
 */
export function answerClientError(error: ParserError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = describe(error.code);
  const body = JSON.stringify(toProblem(problem, ''));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${titleOf(problem.status)}`,
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function describe(code: string | undefined): ProblemError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError(431, 'the headers are larger than 16 KiB; send fewer cookies or a shorter query');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError(408, 'the request did not arrive in time');
    default:
      return new ProblemError(400, 'what was sent is not HTTP/1.1');
  }
}
