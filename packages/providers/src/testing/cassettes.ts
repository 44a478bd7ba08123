import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { openAiCompatible } from '../compatible/provider.js';
import type { Endpoint, Provider, ResponseFacts } from '../provider.js';
import { findProvider } from '../providers.js';
import type { RecordedEvent } from './frames.js';
import { awsEventsOf, eventsOf } from './frames.js';

const FILE = fileURLToPath(
  new URL('../../../../../shared/data/provider-cassettes/cassettes.jsonl.gz', import.meta.url),
);

/** One recorded exchange with a provider. */
export interface Cassette {
  readonly source: string;
  readonly provider: string;
  readonly method: string;
  readonly uri: string;
  readonly request: unknown;
  readonly status: number;
  readonly content_type: string;
  readonly stream: boolean;
  readonly response_model: string | null;
  readonly usage_raw: readonly { readonly [name: string]: unknown }[];
  readonly usage: { readonly [name: string]: number } | null;
  readonly response_body?: string;
  readonly response_body_base64?: string;
}

// Mocks on the local machine stand for servers that speak OpenAI's protocol.
const NAMES: { readonly [provider: string]: string } = {
  'azure-openai': 'azure',
  voyageai: 'voyage',
  'localhost:8000': 'vllm',
  'localhost:5002': 'vllm',
};

/** All recorded exchanges; `undefined` where the data are absent, an error where they are absent in CI. */
export function readCassettes(): Cassette[] | undefined {
  if (!existsSync(FILE)) {
    if (process.env.CI !== undefined && process.env.CI !== '') throw new Error(`shared data is missing in CI: ${FILE}`);
    return undefined;
  }
  const lines = gunzipSync(readFileSync(FILE)).toString().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Cassette);
}

/** The provider of an exchange, `undefined` when it is not supported. */
export function providerOf(cassette: Cassette): Provider | undefined {
  const name = NAMES[cassette.provider] ?? cassette.provider;
  if (name === 'alephalpha' || name === 'watsonx') return undefined;
  return findProvider(name) ?? openAiCompatible(name);
}

/** The endpoint of an exchange. */
export function endpointOf(cassette: Cassette): Endpoint | undefined {
  return providerOf(cassette)?.match(cassette.method, new URL(cassette.uri).pathname);
}

/** The events of a streamed answer, `undefined` when it is one document. */
export function streamOf(cassette: Cassette, endpoint: Endpoint): RecordedEvent[] | undefined {
  if (!cassette.stream || cassette.content_type.startsWith('application/json')) return undefined;
  if (cassette.content_type.includes('amazon.eventstream')) {
    return awsEventsOf(Buffer.from(cassette.response_body_base64 ?? '', 'base64'));
  }
  return eventsOf(cassette.response_body ?? '', endpoint.streamFraming);
}

/** The document of an answer that is no stream. */
export function documentOf(cassette: Cassette): unknown {
  try {
    return JSON.parse(cassette.response_body ?? '') as unknown;
  } catch {
    return cassette.response_body;
  }
}

/** What the reader of an exchange says about its whole answer. */
export function factsOf(cassette: Cassette, endpoint: Endpoint): ResponseFacts {
  const reader = endpoint.readResponse();
  const events = streamOf(cassette, endpoint);
  if (events === undefined) reader.document(documentOf(cassette));
  else for (const { data, name } of events) reader.event(data, name);
  return reader.facts();
}
