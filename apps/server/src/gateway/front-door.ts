import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Gateway } from '@vedetta/gateway';
import type { KeyCheck } from '../access/authentication.js';
import { createKeyCheck } from '../access/authentication.js';
import type { FailedAttempts } from '../access/failed-attempts.js';
import { hostRefusal } from '../access/host-check.js';
import type { ResolvedConfig } from '../config/config.js';
import type { ProblemError } from '../http/problem.js';
import { toProblem } from '../http/problem.js';
import { pathOf } from '../http/request-path.js';
import { SECURITY_HEADERS } from '../http/security-headers.js';

const PREFIX = '/gateway/';

/** Takes a request that is the gateway's and says so; leaves all others. */
export type FrontDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

/** What the doors are made of. */
export interface FrontDoorParts {
  readonly gateway: Gateway;
  readonly config: ResolvedConfig;
  readonly failedAttempts: FailedAttempts;
}

/**
 * The gateway's door on the main port: calls pass before any of the server's parsing, limits and time-outs, but not before its host
 * check and its keys. `Authorization` and `x-api-key` are the upstream's; this server's own key comes as `x-vedetta-key`.
 */
export function mainDoor(parts: FrontDoorParts): FrontDoor {
  const check = createCheck(parts);
  return (request, response) => {
    const url = request.url ?? '';
    if (!url.startsWith(PREFIX)) return false;
    if (check(request, response)) parts.gateway.handle(request, response, url.slice(PREFIX.length));
    return true;
  };
}

/** The door of a port where every request is a call to one upstream. */
export function upstreamDoor(parts: FrontDoorParts, upstream: string): FrontDoor {
  const check = createCheck(parts);
  return (request, response) => {
    if (check(request, response)) parts.gateway.handleFor(upstream, request, response);
    return true;
  };
}

function createCheck({ config, failedAttempts }: FrontDoorParts) {
  const checkKey: KeyCheck | undefined = createKeyCheck(config, failedAttempts);
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const problem =
      hostRefusal(request, config) ?? checkKey?.(request.socket.remoteAddress ?? '', keyOf(request), NEEDED);
    if (problem === undefined) return true;
    sendRefusal(request, response, problem);
    return false;
  };
}

const NEEDED =
  'this server needs its password or a key as x-vedetta-key: <key>; Authorization is passed to the upstream';

function keyOf(request: IncomingMessage): string | undefined {
  const key = request.headers['x-vedetta-key'];
  return typeof key === 'string' && key !== '' ? key : undefined;
}

function sendRefusal(request: IncomingMessage, response: ServerResponse, problem: ProblemError): void {
  const body = JSON.stringify(toProblem(problem, pathOf({ url: request.url ?? '/' })));
  response.writeHead(problem.status, {
    ...SECURITY_HEADERS,
    ...problem.extras.headers,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    // The rest of a large upload is not worth reading.
    connection: 'close',
  });
  response.end(body);
}
