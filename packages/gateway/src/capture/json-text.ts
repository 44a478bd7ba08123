import { MAX_JSON_DEPTH, nestsDeeperThan } from '@vedetta/model';

/** What stands for a text that is no JSON. */
export const NOT_JSON: unique symbol = Symbol('not JSON');

/** Parses text from outside; {@link NOT_JSON} for what is none, or is nested too deeply to be walked. */
export function parseJson(text: string): unknown {
  if (text.length > MAX_JSON_DEPTH && nestsDeeperThan(text, MAX_JSON_DEPTH)) return NOT_JSON;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return NOT_JSON;
  }
}

/** The text without the secrets of its call: a provider's error may quote the key it was given. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, '***');
  }
  return clean;
}
