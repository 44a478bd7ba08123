import { anthropic } from './anthropic/provider.js';
import { azure } from './azure/provider.js';
import { bedrock } from './bedrock/provider.js';
import { cohere } from './cohere/provider.js';
import { COMPATIBLE_NAMES, openAiCompatible } from './compatible/provider.js';
import { gemini, vertex } from './gemini/provider.js';
import { ollama } from './ollama/provider.js';
import { openAi } from './openai/provider.js';
import type { Provider } from './provider.js';

/** The providers by the names they have in addresses and settings, and in the GenAI conventions. */
const PROVIDERS: ReadonlyMap<string, Provider> = new Map([
  ['openai', openAi],
  ['azure', azure],
  ['azure.ai.openai', azure],
  ['anthropic', anthropic],
  ['ollama', ollama],
  ['gemini', gemini],
  ['gcp.gemini', gemini],
  ['vertex', vertex],
  ['gcp.vertex_ai', vertex],
  ['cohere', cohere],
  ['bedrock', bedrock],
  ['aws.bedrock', bedrock],
  ...COMPATIBLE_NAMES.map((name) => [name, openAiCompatible(name)] as const),
]);

/**
 * The provider of a name (`openai`, `azure`, `anthropic`, `ollama`, `gemini`, `groq`...), in any case; `undefined` when it is
 * not known: an upstream of another name that speaks OpenAI's protocol is `openAiCompatible(name)`.
 */
export function findProvider(name: string): Provider | undefined {
  return PROVIDERS.get(name.toLowerCase());
}
