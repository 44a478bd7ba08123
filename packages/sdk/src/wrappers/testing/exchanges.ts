import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { REPOSITORY } from '../../testing/child.js';
import type { Reply } from './upstream.js';

/** A recorded exchange with a provider. */
export interface Exchange {
  readonly source: string;
  readonly provider: string;
  readonly uri: string;
  readonly request: { readonly [name: string]: unknown };
  readonly status: number;
  readonly content_type: string;
  readonly stream: boolean;
  readonly response_model: string | null;
  /** Totals as the provider reported them. */
  readonly usage: {
    readonly input?: number;
    readonly output?: number;
    readonly cache_read?: number;
    readonly cache_write?: number;
  } | null;
  readonly response_body?: string;
  readonly response_body_base64?: string;
}

const FILE = join(REPOSITORY, '..', 'shared', 'data', 'provider-cassettes', 'cassettes.jsonl.gz');

/** All exchanges; `undefined` where the shared data is absent, which is an error where CI runs. */
export function readExchanges(): readonly Exchange[] | undefined {
  if (!existsSync(FILE)) {
    if (process.env.CI) throw new Error(`no shared data at ${FILE}`);
    return undefined;
  }
  const lines = gunzipSync(readFileSync(FILE)).toString().trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Exchange);
}

/** The recorded answer. */
export function replyOf(exchange: Exchange): Reply {
  const { status, content_type, response_body, response_body_base64 } = exchange;
  return {
    status,
    headers: { 'content-type': content_type, 'x-request-id': 'req_recorded', 'x-should-retry': 'false' },
    body: response_body ?? Buffer.from(response_body_base64 ?? '', 'base64'),
  };
}
