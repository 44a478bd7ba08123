/** Encodings of gpt-tokenizer that estimates use. */
export type Encoding = 'o200k_base' | 'cl100k_base' | 'p50k_base';

const CL100K = /^(?:gpt-4(?:$|-32k|-turbo|-vision|-\d{4})|gpt-3\.5|gpt-35|text-embedding-)/;
const P50K = /^(?:text-davinci-00[23]|code-davinci)/;

/** OpenAI's own encoding for its models; for others the nearest there is, so that the count is an estimate by nature. */
export function encodingOf(model: string): Encoding {
  const name = model.toLowerCase().replace(/^ft:/, '').replace(/^.*\//, '');
  if (P50K.test(name)) return 'p50k_base';
  return CL100K.test(name) ? 'cl100k_base' : 'o200k_base';
}

/** Tokens that open the answer: OpenAI documents 3; GPT-5 reports one less in every recorded call. */
export function replyTokens(model: string): number {
  return /(?:^|\/)gpt-5/i.test(model) ? 2 : 3;
}
