import type { AttributeValue } from '@vedetta/model';
import type { Json } from './json.js';
import { asName, asNumber } from './json.js';

type Kind = 'number' | 'texts' | 'text';
type Parameters = { [name: string]: AttributeValue };

const MAX_TEXTS = 64;

// Names of request parameters in every API, with the GenAI name and type. Where two mean the same the first one wins.
const PARAMETERS: readonly (readonly [name: string, target: string, kind: Kind])[] = [
  ['temperature', 'temperature', 'number'],
  ['top_p', 'top_p', 'number'],
  ['topP', 'top_p', 'number'],
  ['p', 'top_p', 'number'],
  ['top_k', 'top_k', 'number'],
  ['topK', 'top_k', 'number'],
  ['k', 'top_k', 'number'],
  ['max_completion_tokens', 'max_tokens', 'number'],
  ['max_tokens', 'max_tokens', 'number'],
  ['max_output_tokens', 'max_tokens', 'number'],
  ['max_tokens_to_sample', 'max_tokens', 'number'],
  ['maxOutputTokens', 'max_tokens', 'number'],
  ['maxTokens', 'max_tokens', 'number'],
  ['maxTokenCount', 'max_tokens', 'number'],
  ['max_gen_len', 'max_tokens', 'number'],
  ['num_predict', 'max_tokens', 'number'],
  ['n_predict', 'max_tokens', 'number'],
  ['frequency_penalty', 'frequency_penalty', 'number'],
  ['frequencyPenalty', 'frequency_penalty', 'number'],
  ['presence_penalty', 'presence_penalty', 'number'],
  ['presencePenalty', 'presence_penalty', 'number'],
  ['seed', 'seed', 'number'],
  ['random_seed', 'seed', 'number'],
  ['n', 'choice.count', 'number'],
  ['candidateCount', 'choice.count', 'number'],
  ['stop', 'stop_sequences', 'texts'],
  ['stop_sequences', 'stop_sequences', 'texts'],
  ['stopSequences', 'stop_sequences', 'texts'],
  ['encoding_format', 'encoding_formats', 'texts'],
  ['embedding_types', 'encoding_formats', 'texts'],
  ['reasoning_effort', 'reasoning.level', 'text'],
  ['previous_response_id', 'previous_response.id', 'text'],
];

/** The parameters that an object of a request states, added to `parameters` under their GenAI names. */
export function readParameters(source: Json | undefined, parameters: Parameters = {}): Parameters {
  if (source === undefined) return parameters;
  for (const [name, target, kind] of PARAMETERS) {
    const value = source[name];
    if (value === undefined || value === null || parameters[target] !== undefined) continue;
    const read = kind === 'number' ? asNumber(value) : kind === 'text' ? asName(value) : texts(value);
    if (read === undefined || (target === 'choice.count' && read === 1)) continue;
    parameters[target] = read;
  }
  return parameters;
}

function texts(value: unknown): readonly string[] | undefined {
  const list = (Array.isArray(value) ? value.slice(0, MAX_TEXTS) : [value]).flatMap((item) =>
    typeof item === 'string' ? (asName(item) ?? []) : [],
  );
  return list.length === 0 ? undefined : list;
}
