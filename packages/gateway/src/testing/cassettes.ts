import type { Cassette } from '@vedetta/providers/testing';

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
