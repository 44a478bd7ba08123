import { anthropicMessages } from '../anthropic/messages.js';
import { embeddings, rerank } from '../openai/embeddings.js';
import { OPENAI_ROUTES } from '../openai/routes.js';
import type { Endpoint, Provider } from '../provider.js';
import type { Routes } from '../routes.js';
import { isPost, matchEnd, routes } from '../routes.js';
import { llamaCompletion } from './llama-completion.js';
import { ocr } from './ocr.js';

// Whether they add `usage: null` to other events because usage was asked for, or always, differs: it is left where it is.
const TABLE: { readonly [path: string]: Endpoint } = {
  ...Object.fromEntries(Object.entries(OPENAI_ROUTES).map(([path, endpoint]) => [path, keepingNulls(endpoint)])),
  '/v1/messages': anthropicMessages,
  '/rerank': rerank,
  '/ocr': ocr,
  // Writer's name for the same protocol.
  '/v1/chat': OPENAI_ROUTES['/chat/completions'] as Endpoint,
};

const USUAL = routes(TABLE);
const LLAMA = routes({
  ...TABLE,
  '/completion': llamaCompletion,
  '/infill': llamaCompletion,
  '/embedding': embeddings,
});
// They report usage in streams by themselves, and some refuse options that they do not know.
const TELLING = routes(
  Object.fromEntries(Object.entries(TABLE).map(([path, endpoint]) => [path, withoutOption(endpoint)])),
);

// By the name in settings: the name in the GenAI conventions, where it has one, and what is special about the upstream.
const NAMED: { readonly [name: string]: readonly [name: string, routes: Routes] | undefined } = {
  __proto__: null as never,
  vllm: ['vllm', USUAL],
  'llama.cpp': ['llama_cpp', LLAMA],
  llamacpp: ['llama_cpp', LLAMA],
  llama_cpp: ['llama_cpp', LLAMA],
  lmstudio: ['lm_studio', USUAL],
  'lm-studio': ['lm_studio', USUAL],
  lm_studio: ['lm_studio', USUAL],
  groq: ['groq', TELLING],
  mistral: ['mistral_ai', TELLING],
  mistral_ai: ['mistral_ai', TELLING],
  openrouter: ['openrouter', USUAL],
  deepseek: ['deepseek', USUAL],
  together: ['together', USUAL],
  xai: ['x_ai', USUAL],
  x_ai: ['x_ai', USUAL],
  fireworks: ['fireworks', USUAL],
  perplexity: ['perplexity', TELLING],
  moonshot: ['moonshot_ai', USUAL],
  moonshot_ai: ['moonshot_ai', USUAL],
  voyage: ['voyage', USUAL],
  writer: ['writer', USUAL],
};

/**
 * A provider that speaks OpenAI's protocol, whatever its routes stand behind (`/v1`, `/openai/v1`, `/api/v1`, `/beta`...).
 * Names that are known bring what is special about them; any other name is kept as it is.
 */
export function openAiCompatible(name: string): Provider {
  const [conventional, table] = NAMED[name.toLowerCase()] ?? [name, USUAL];
  return {
    name: conventional,
    match: (method, path) => (isPost(method) ? matchEnd(table, path) : undefined),
  };
}

/** The named upstreams that are known to speak OpenAI's protocol, by the name in settings. */
export const COMPATIBLE_NAMES: readonly string[] = Object.keys(NAMED);

function keepingNulls(endpoint: Endpoint): Endpoint {
  const { usageOption } = endpoint;
  if (usageOption === undefined) return endpoint;
  return {
    ...endpoint,
    usageOption: (body) => {
      const option = usageOption(body);
      if (option === undefined) return undefined;
      const { nullMember: _, ...rest } = option;
      return rest;
    },
  };
}

function withoutOption({ usageOption: _, ...endpoint }: Endpoint): Endpoint {
  return endpoint;
}
