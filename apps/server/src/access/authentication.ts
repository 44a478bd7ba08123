import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ResolvedConfig } from '../config/config.js';
import { ProblemError } from '../http/problem.js';
import type { FailedAttempts } from './failed-attempts.js';

/**
 * Asks every request for the password or a key, where the configuration has one: `Authorization: Bearer`, `x-api-key`, or
 * Basic with any user name, which browsers ask for by themselves. Without either, the server is on loopback and open.
 */
export function authenticate(app: FastifyInstance, config: ResolvedConfig, failures: FailedAttempts): void {
  const check = createKeyCheck(config, failures);
  if (check === undefined) return;
  app.addHook('onRequest', async (request) => {
    const refusal = check(request.ip, credentialOf(request.headers), NEEDED);
    if (refusal !== undefined) throw refusal;
  });
}

const NEEDED = 'a password or key is needed: Authorization: Bearer <key>, x-api-key: <key>, or Basic with the password';

/** Judges a credential from an address: why it is refused, with `needed` said where there is none; `undefined` when it is right. */
export type KeyCheck = (address: string, credential: string | undefined, needed: string) => ProblemError | undefined;

/** The check against the configuration's password and keys; `undefined` where it has none and everyone may. */
export function createKeyCheck(config: ResolvedConfig, failures: FailedAttempts): KeyCheck | undefined {
  const secrets = [config.access.password, ...config.access.apiKeys].filter((secret) => secret !== '').map(digest);
  if (secrets.length === 0) return undefined;
  return (address, credential, needed) => {
    const retryAfterMs = failures.blockedForMs(address);
    if (retryAfterMs > 0) {
      const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
      return new ProblemError(429, 'too many wrong passwords or keys from this address; wait, then try again', {
        headers,
      });
    }
    const hashed = credential === undefined ? undefined : digest(credential);
    if (hashed !== undefined && isOneOf(hashed, secrets)) return undefined;
    if (hashed !== undefined) failures.add(address, hashed.toString('base64'));
    return new ProblemError(401, credential === undefined ? needed : 'the password or key is wrong', {
      headers: { 'www-authenticate': 'Basic realm="Vedetta", charset="UTF-8"' },
    });
  };
}

function credentialOf(headers: {
  readonly authorization?: string | undefined;
  readonly [name: string]: unknown;
}): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string' && key !== '') return key;
  const match = /^(bearer|basic)\s+(\S+)\s*$/i.exec(headers.authorization ?? '');
  if (match?.[2] === undefined) return undefined;
  if (match[1]?.toLowerCase() === 'bearer') return match[2];
  const pair = Buffer.from(match[2], 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon === -1 ? undefined : pair.slice(colon + 1);
}

/** Looks at every secret, so that the time taken says nothing about which one was near. */
function isOneOf(hashed: Buffer, secrets: readonly Buffer[]): boolean {
  let found = false;
  for (const secret of secrets) found = timingSafeEqual(hashed, secret) || found;
  return found;
}

/** Digests have one length, as a comparison in constant time needs. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
