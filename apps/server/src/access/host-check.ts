import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ResolvedConfig } from '../config/config.js';
import { ProblemError } from '../http/problem.js';
import { bareHost, isLoopbackHost, parseHostHeader, parseOriginHeader } from './host-name.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that name this server by a foreign host, or that come from a page of a foreign origin. It is what keeps a
 * web page on the Internet from reading or writing a server on 127.0.0.1, through DNS rebinding or plain cross-site requests.
 */
export function checkHosts(app: FastifyInstance, config: ResolvedConfig): void {
  app.addHook('onRequest', async (request) => {
    const refusal = hostRefusal(request.raw, config);
    if (refusal !== undefined) throw refusal;
  });
}

/** Why a request is refused for its host or origin; `undefined` when it is not. Also for requests that no framework has seen. */
export function hostRefusal(request: IncomingMessage, config: ResolvedConfig): ProblemError | undefined {
  const host = parseHostHeader(request.headers.host);
  if (host === undefined || hostCount(request) > 1 || !isOwnHost(host, request, config)) {
    return refuse('Host', request.headers.host);
  }
  const { origin } = request.headers;
  if (origin !== undefined) {
    const originHost = parseOriginHeader(origin);
    if (originHost === undefined || !isOwnHost(originHost, request, config)) return refuse('Origin', origin);
  }
  if (!SAFE_METHODS.has(request.method ?? '') && request.headers['sec-fetch-site'] === 'cross-site') {
    return new ProblemError(403, 'requests of other sites may not change anything here');
  }
  return undefined;
}

function isOwnHost(name: string, request: IncomingMessage, config: ResolvedConfig): boolean {
  if (isLoopbackHost(name) || name === bareHost(config.host) || config.access.allowedHosts.includes(name)) return true;
  // Rebinding needs a name; the plain address that the connection came in on is nobody else's.
  return name === bareHost(request.socket.localAddress ?? '');
}

/** Node keeps the first of several; a proxy in front may have gone by another (RFC 9112 section 3.2 has them refused). */
function hostCount({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

function refuse(header: string, value: string | undefined): ProblemError {
  const shown = JSON.stringify((value ?? '').slice(0, 100));
  return new ProblemError(
    403,
    `${header} ${shown} is not a name of this server; add it to access.allowedHosts (VEDETTA_ALLOWED_HOSTS) if it is`,
  );
}
