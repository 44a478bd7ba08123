import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const FILE = fileURLToPath(
  new URL('../../../../../shared/data/provider-cassettes/cassettes.jsonl.gz', import.meta.url),
);

/** One recorded exchange with a provider. */
export interface Cassette {
  readonly provider: string;
  readonly uri: string;
  readonly status: number;
  readonly stream: boolean;
  readonly request: { readonly model?: string };
  readonly content_type: string;
  readonly response_body?: string;
}

/** All recorded exchanges; `undefined` where there is no shared data, which in CI is a failure. */
export function readCassettes(): readonly Cassette[] | undefined {
  if (!existsSync(FILE)) {
    if (process.env.CI !== undefined && process.env.CI !== '') throw new Error(`shared data is missing in CI: ${FILE}`);
    return undefined;
  }
  const lines = gunzipSync(readFileSync(FILE)).toString().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Cassette);
}
