import type { Endpoint, Provider } from './provider.js';

/** Routes of a provider: the end of the path, without prefix and query, and the endpoint behind it. */
export type Routes = { readonly [path: string]: Endpoint | undefined };

/** A table of routes; paths come from outside, so that it has no prototype. */
export function routes(table: { readonly [path: string]: Endpoint }): Routes {
  return Object.freeze(Object.assign(Object.create(null) as { [path: string]: Endpoint }, table));
}

/**
 * A provider whose routes stand behind one of a few prefixes (`/v1`, `/openai/v1`, none): a base URL may or may not hold the
 * version. Only POST calls a model.
 */
export function prefixedProvider(name: string, prefixes: readonly string[], table: Routes): Provider {
  return { name, match: (method, path) => (isPost(method) ? matchPrefixed(prefixes, table, path) : undefined) };
}

/** The endpoint behind a path that begins with one of the prefixes, the longest first. */
export function matchPrefixed(prefixes: readonly string[], table: Routes, path: string): Endpoint | undefined {
  const clean = withoutEnd(path);
  for (const prefix of prefixes) {
    const endpoint = clean.startsWith(prefix) ? table[clean.slice(prefix.length)] : undefined;
    if (endpoint !== undefined) return endpoint;
  }
  return undefined;
}

/** The endpoint that the last two parts of a path name, else the last one, whatever stands before them. */
export function matchEnd(table: Routes, path: string): Endpoint | undefined {
  const clean = withoutEnd(path);
  const last = clean.lastIndexOf('/');
  if (last < 0) return undefined;
  const before = last === 0 ? -1 : clean.lastIndexOf('/', last - 1);
  return (before < 0 ? undefined : table[clean.slice(before)]) ?? table[clean.slice(last)];
}

export function isPost(method: string): boolean {
  return method === 'POST' || method.toUpperCase() === 'POST';
}

/** A path without query and without a slash at its end. */
export function withoutEnd(path: string): string {
  const query = path.indexOf('?');
  const bare = query < 0 ? path : path.slice(0, query);
  return bare.length > 1 && bare.endsWith('/') ? bare.slice(0, -1) : bare;
}
