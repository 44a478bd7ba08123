import { cohereUsage } from '../cohere/response.js';
import { readRerankRequest } from '../openai/embeddings.js';
import { PlainResponseReader } from '../openai/plain-response.js';
import type { Endpoint, RequestFacts } from '../provider.js';

/** Documents that one search covers, by Amazon's and Cohere's prices; long ones count for several, which only the provider knows. */
const DOCUMENTS_A_SEARCH = 100;

/** Models that rank, invoked with Cohere's body. Their answers do not say how many searches that was. */
export const rerank: Endpoint = {
  operation: 'rerank',
  modality: 'text',
  streamFraming: 'aws',
  readRequest: readBedrockRerank,
  readResponse: () => new PlainResponseReader((_, body) => cohereUsage(body.meta)),
};

function readBedrockRerank(value: unknown): RequestFacts {
  const facts = readRerankRequest(value);
  const { inputCount } = facts;
  if (inputCount === undefined || inputCount === 0) return facts;
  return { ...facts, units: { searchUnits: Math.ceil(inputCount / DOCUMENTS_A_SEARCH), source: 'estimated' } };
}
