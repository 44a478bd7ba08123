import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const FILE = fileURLToPath(
  new URL('../../../../../shared/data/provider-cassettes/cassettes.jsonl.gz', import.meta.url),
);

/** One recorded exchange with a provider. */
export interface Cassette {
  readonly provider: string;
  readonly method: string;
  readonly uri: string;
  readonly request: unknown;
  readonly status: number;
  readonly content_type: string;
  readonly stream: boolean;
  readonly usage: { readonly input?: number; readonly output?: number; readonly total?: number } | null;
  readonly response_body?: string;
  readonly response_body_base64?: string;
}

/** All exchanges; `undefined` where the data are absent, an error where they are absent in CI. */
export function readCassettes(): Cassette[] | undefined {
  if (!existsSync(FILE)) {
    if (process.env.CI !== undefined && process.env.CI !== '') throw new Error(`shared data is missing in CI: ${FILE}`);
    return undefined;
  }
  const lines = gunzipSync(readFileSync(FILE)).toString().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Cassette);
}

/** The response's body as it was on the wire. */
export function bodyOf(cassette: Cassette): Buffer {
  if (cassette.response_body_base64 !== undefined) return Buffer.from(cassette.response_body_base64, 'base64');
  return Buffer.from(cassette.response_body ?? '');
}

/** The name of the upstream that speaks as the exchange does. */
export function upstreamOf({ provider }: Cassette): string {
  if (provider === 'azure-openai') return 'azure';
  if (provider.startsWith('localhost:')) return 'vllm';
  return provider === 'voyageai' ? 'voyage' : provider;
}
