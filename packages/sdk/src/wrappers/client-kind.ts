import type { Provider } from '@vedetta/providers';
import { findProvider } from '@vedetta/providers';
import { providerOfUrl } from './provider-name.js';
import type { StainlessClient } from './stainless-client.js';

/** Which client it is: whose API it speaks, and who answers. */
export interface ClientKind {
  /** Reads what is sent and answered. */
  readonly api: Provider | undefined;
  /** `gen_ai.provider.name` for the base URL of the client. */
  providerName(client: StainlessClient): string;
  /** The model behind the calls when the client decides it: a deployment of Azure. */
  model(client: StainlessClient): string | undefined;
}

const OPENAI: ClientKind = {
  api: findProvider('openai'),
  providerName: (client) => providerOfUrl(client.baseURL, isAzure(client) ? 'azure.ai.openai' : 'openai'),
  model: (client) => {
    const { deploymentName } = client as { readonly deploymentName?: unknown };
    return typeof deploymentName === 'string' && deploymentName !== '' ? deploymentName : undefined;
  },
};

const ANTHROPIC: ClientKind = {
  api: findProvider('anthropic'),
  providerName: (client) => providerOfUrl(client.baseURL, 'anthropic'),
  model: () => undefined,
};

/** The client of OpenAI or Anthropic that an object is, told by what it has; `undefined` when it is neither. */
export function stainlessKind(client: object): ClientKind | undefined {
  const { post, withOptions, chat, messages } = client as {
    readonly post?: unknown;
    readonly withOptions?: unknown;
    readonly chat?: unknown;
    readonly messages?: unknown;
  };
  if (typeof post !== 'function' || typeof withOptions !== 'function') return undefined;
  if (isObject(chat)) return OPENAI;
  return isObject(messages) ? ANTHROPIC : undefined;
}

function isAzure(client: object): boolean {
  return 'apiVersion' in client && 'deploymentName' in client;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
