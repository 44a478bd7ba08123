import type { MetricSample } from './engine-load.js';
import { readEngineLoad } from './engine-load.js';
import { listingOf } from './listings/listings.js';
import type { EngineLoad, Upstream, UpstreamState } from './served-model.js';

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** What a check needs from outside. */
export interface CheckOptions {
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Reads a page in Prometheus' text format; what it cannot read it leaves out. */
  readonly parseMetrics: (text: string) => readonly MetricSample[];
  /** Aborts the check. */
  readonly signal: AbortSignal;
}

type Answer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Asks an upstream which models it has. Spends no tokens: only lists are read. Any HTTP answer below 500 shows that it is
 * reachable; redirects are not followed, so that a key goes to the configured host and nowhere else. Never throws.
 */
export async function checkUpstream(upstream: Upstream, options: CheckOptions): Promise<UpstreamState> {
  const listing = listingOf(upstream.provider);
  const headers = listing.headers(upstream);
  const startMs = performance.now();
  const [load, ...answers] = await Promise.all([
    readLoad(upstream, listing.metricsPath, headers, options),
    ...listing.paths.map((path) => get(upstream.url + path, headers, options)),
  ]);
  const responseMs = performance.now() - startMs;
  const checkedUnixMs = options.now();
  const [first] = answers;
  if (first === undefined || first.kind === 'failed') {
    return { kind: 'unreachable', checkedUnixMs, responseMs, reason: first?.reason ?? 'nothing to ask' };
  }
  if (first.kind === 'status') {
    if (first.status >= 500)
      return { kind: 'unreachable', checkedUnixMs, responseMs, reason: `status ${first.status}` };
    const reason = reasonOf(first.status, upstream);
    return { kind: 'reachable', checkedUnixMs, responseMs, models: undefined, reason, load };
  }
  const documents = answers.map((answer) => (answer.kind === 'text' ? parseJson(answer.text) : undefined));
  if (documents[0] === undefined) {
    const reason = `GET ${listing.paths[0]} answered no JSON`;
    return { kind: 'reachable', checkedUnixMs, responseMs, models: undefined, reason, load };
  }
  return { kind: 'reachable', checkedUnixMs, responseMs, models: listing.read(documents), reason: '', load };
}

function reasonOf(status: number, { name, apiKey }: Upstream): string {
  if (status !== 401 && status !== 403) return `the list of models was answered with status ${status}`;
  return apiKey === undefined
    ? `the list of models needs a key: set gateway.upstreams.${name}.checkKey`
    : `the key in gateway.upstreams.${name}.checkKey was refused (status ${status})`;
}

/** Engines without metrics answer 404, or a page of another kind: both are no load. */
async function readLoad(
  upstream: Upstream,
  path: string | undefined,
  headers: Readonly<Record<string, string>>,
  options: CheckOptions,
): Promise<EngineLoad | undefined> {
  if (path === undefined) return undefined;
  const answer = await get(upstream.url + path, headers, options);
  return answer.kind === 'text' ? readEngineLoad(options.parseMetrics(answer.text)) : undefined;
}

async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  { timeoutMs, signal }: CheckOptions,
): Promise<Answer> {
  // Not AbortSignal.any: the signal of the watch lives as long as the process and would keep a note of every check.
  const call = new AbortController();
  const abort = (): void => call.abort();
  const timer = setTimeout(() => call.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  signal.addEventListener('abort', abort);
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json, text/plain', ...headers },
      redirect: 'manual',
      signal: call.signal,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return { kind: 'status', status: response.status };
    }
    return { kind: 'text', text: await readText(response) };
  } catch (error) {
    return { kind: 'failed', reason: describe(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Node wraps the reason of a failed fetch in its cause: `ECONNREFUSED`, `ENOTFOUND`. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
