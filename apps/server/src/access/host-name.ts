import { isIP } from 'node:net';

/** True for `localhost`, 127.0.0.0/8 and `::1`, with or without brackets. */
export function isLoopbackHost(host: string): boolean {
  const name = bareHost(host);
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/**
 * Host name of a `Host` header, lower-case, without port and brackets; `undefined` when it is missing or malformed.
 * Malformed counts as foreign: a header that two parsers read differently is an attack, not a mistake.
 */
export function parseHostHeader(header: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header ?? '');
  return match?.[1] === undefined ? undefined : bareHost(match[1]);
}

/** Host name of an `Origin` header; `undefined` for `null` and everything that is no http(s) origin. */
export function parseOriginHeader(origin: string): string | undefined {
  const match = /^https?:\/\/([^/\s@]+)$/i.exec(origin);
  return parseHostHeader(match?.[1]);
}

/** Lower-case, no brackets, no trailing dot, IPv4 taken out of its IPv6 form. */
export function bareHost(host: string): string {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return name.startsWith('::ffff:') && isIP(name.slice(7)) === 4 ? name.slice(7) : name;
}
