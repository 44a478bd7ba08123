import { anthropic } from './anthropic/provider.js';
import { ollama } from './ollama/provider.js';
import { openAi } from './openai/provider.js';
import type { Provider } from './provider.js';

/** The providers by the name they have in addresses and settings. */
const PROVIDERS: { readonly [name: string]: Provider | undefined } = {
  __proto__: null as never,
  openai: openAi,
  anthropic,
  ollama,
};

/** The provider of a name (`openai`, `azure`, `anthropic`, `ollama`, `gemini`...); `undefined` when it is not known. */
export function findProvider(name: string): Provider | undefined {
  return PROVIDERS[name.toLowerCase()];
}
