import { keepSecret } from './headers.js';

/** Parameters whose values say how a call is made. Of all others only the name is kept: any of them may be a secret. */
const HARMLESS: ReadonlySet<string> = new Set([
  'alt',
  'api-version',
  'beta',
  'stream',
  'limit',
  'order',
  'after',
  'before',
]);
const MAX_LENGTH = 500;

/** A path's query with values masked, `''` when there is none; adds the masked values to `secrets`. */
export function maskQuery(path: string, secrets: string[]): string {
  const start = path.indexOf('?');
  if (start === -1) return '';
  const masked = path
    .slice(start + 1)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals === -1) return pair.length > 40 ? '***' : pair;
      const name = pair.slice(0, equals);
      if (HARMLESS.has(name.toLowerCase())) return pair;
      addValue(pair.slice(equals + 1), secrets);
      return `${name}=***`;
    })
    .join('&');
  return masked.slice(0, MAX_LENGTH);
}

function addValue(value: string, secrets: string[]): void {
  keepSecret(value, secrets);
  try {
    const decoded = decodeURIComponent(value);
    if (decoded !== value) keepSecret(decoded, secrets);
  } catch {
    // Not percent-encoded UTF-8: the value as it stands is all there is.
  }
}
