import type { UpstreamOptions } from '@vedetta/gateway';
import { findProvider, openAiCompatible } from '@vedetta/providers';
import type { UpstreamSettings } from '../config/upstream-settings.js';

/** The providers' own public addresses; `''` where every customer has one of their own. */
const KNOWN: Readonly<Record<string, string>> = {
  openai: 'https://api.openai.com',
  anthropic: 'https://api.anthropic.com',
  ollama: 'http://127.0.0.1:11434',
  azure: '',
  gemini: 'https://generativelanguage.googleapis.com',
  groq: 'https://api.groq.com',
  mistral: 'https://api.mistral.ai',
  openrouter: 'https://openrouter.ai',
  deepseek: 'https://api.deepseek.com',
  together: 'https://api.together.xyz',
  cohere: 'https://api.cohere.com',
};
/** Phase that users of vLLM know: until a server of theirs has taken the call. */
const VLLM_ROUTING = 'vllm_routing';

/** The upstreams of the gateway: those that are known, and those of the configuration over and beside them. */
export function gatewayUpstreams(settings: UpstreamSettings): UpstreamOptions[] {
  const names = [...new Set([...Object.keys(KNOWN), ...Object.keys(settings)])];
  return names.map((name) => {
    const setting = settings[name];
    const providerName = setting?.provider ?? name;
    const provider =
      findProvider(providerName) ?? openAiCompatible(providerName === 'openai-compatible' ? name : providerName);
    return {
      name,
      url: setting?.url ?? KNOWN[name] ?? '',
      provider,
      ...(provider.name === 'vllm' ? { routingPhase: VLLM_ROUTING } : {}),
    };
  });
}
