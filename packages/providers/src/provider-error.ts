import { asName, asObject, asText } from './json.js';
import type { ProviderError } from './provider.js';

const MAX_MESSAGE = 4096;

/**
 * The error in a body or an event, `undefined` when there is none. Shapes: `{error: {message, type, code, status}}` (OpenAI,
 * Azure, Anthropic, Gemini, vLLM), `{error: 'text'}` (Ollama), `{object: 'error', message, type}` (older vLLM),
 * `{statusCode, message}` (Azure's gateway), a list around any of them (Gemini).
 */
export function readError(body: unknown): ProviderError | undefined {
  const source = asObject(Array.isArray(body) ? body[0] : body);
  if (source === undefined) return undefined;
  const { error } = source;
  if (typeof error === 'string' && error !== '') {
    // Some say `{error: 'code', message: '...'}`.
    return toError(asText(source.error_type), asText(source.message) ?? error, undefined);
  }
  const inner = asObject(error);
  if (inner !== undefined) {
    const code = asName(inner.code);
    // Gemini's status is a word; Azure repeats the number of the HTTP status there.
    const type = asText(inner.type) ?? asText(inner.status);
    return toError(type?.slice(0, 500), asText(inner.message) ?? '', code);
  }
  if (source.object === 'error' || (source.statusCode !== undefined && source.message !== undefined)) {
    return toError(asName(source.type), asText(source.message) ?? '', asName(source.code) ?? asName(source.statusCode));
  }
  return undefined;
}

/** An error from its pieces: the type, else the code, else `error`. */
export function toError(type: string | undefined, message: string, code: string | undefined): ProviderError {
  return {
    type: type ?? code ?? 'error',
    message: message.slice(0, MAX_MESSAGE),
    ...(code === undefined ? {} : { code }),
  };
}
