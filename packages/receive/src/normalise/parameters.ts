import type { AttributeValue } from '@vedetta/model';
import type { Draft } from './draft.js';
import { isTree, toFlag, toNumber, toTexts } from './values.js';

type Kind = 'number' | 'texts' | 'text';

// Request parameters by every name they have in invocation JSON and settings, with the GenAI name and type.
const PARAMETERS: { readonly [name: string]: readonly [name: string, kind: Kind] | undefined } = {
  __proto__: null as never,
  temperature: ['temperature', 'number'],
  ls_temperature: ['temperature', 'number'],
  top_p: ['top_p', 'number'],
  topP: ['top_p', 'number'],
  top_k: ['top_k', 'number'],
  topK: ['top_k', 'number'],
  max_tokens: ['max_tokens', 'number'],
  ls_max_tokens: ['max_tokens', 'number'],
  maxTokens: ['max_tokens', 'number'],
  maxOutputTokens: ['max_tokens', 'number'],
  max_output_tokens: ['max_tokens', 'number'],
  max_completion_tokens: ['max_tokens', 'number'],
  max_new_tokens: ['max_tokens', 'number'],
  num_predict: ['max_tokens', 'number'],
  frequency_penalty: ['frequency_penalty', 'number'],
  frequencyPenalty: ['frequency_penalty', 'number'],
  presence_penalty: ['presence_penalty', 'number'],
  presencePenalty: ['presence_penalty', 'number'],
  seed: ['seed', 'number'],
  n: ['choice.count', 'number'],
  'choice.count': ['choice.count', 'number'],
  stop: ['stop_sequences', 'texts'],
  stop_sequences: ['stop_sequences', 'texts'],
  stopSequences: ['stop_sequences', 'texts'],
  encoding_formats: ['encoding_formats', 'texts'],
  reasoning_effort: ['reasoning.level', 'text'],
  'reasoning.level': ['reasoning.level', 'text'],
  'reasoning.effort': ['reasoning.level', 'text'],
};

/** States one request parameter under its GenAI name; a name that is none is passed over. */
export function stateParameter(draft: Draft, name: string, value: AttributeValue | undefined): void {
  const known = PARAMETERS[name];
  if (known === undefined || value === undefined || value === null || value === 'null') return;
  const [target, kind] = known;
  if (kind === 'number') draft.parameter(target, toNumber(value));
  else if (kind === 'texts') draft.parameter(target, toTexts(value));
  else if (typeof value === 'string') draft.parameter(target, value);
}

/** States the parameters of an object that also holds other things, such as OpenInference's invocation parameters. */
export function stateParameters(draft: Draft, value: AttributeValue | undefined): void {
  if (!isTree(value)) return;
  for (const name of Object.keys(value)) {
    if (name === 'stream' || name === 'is_stream' || name === 'streaming') {
      const stream = toFlag(value[name]);
      if (stream === true) draft.set('stream', true);
    } else stateParameter(draft, name, value[name]);
  }
}
