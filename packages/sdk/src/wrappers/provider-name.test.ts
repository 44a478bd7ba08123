import { expect, it } from 'vitest';
import { providerOfUrl } from './provider-name.js';

it.each([
  ['https://api.openai.com/v1', 'openai'],
  ['https://me.openai.azure.com/openai', 'azure.ai.openai'],
  ['https://api.groq.com/openai/v1', 'groq'],
  ['https://eu.api.mistral.ai/v1', 'mistral_ai'],
  ['https://openrouter.ai/api/v1', 'openrouter'],
  ['http://localhost:11434/v1', 'ollama'],
  ['http://127.0.0.1:8000/v1', 'vllm'],
  ['http://10.0.0.7:1234/v1', 'lm_studio'],
  ['http://127.0.0.1:8080/gateway/anthropic', 'anthropic'],
  ['http://127.0.0.1:8080/gateway/azure/openai', 'azure.ai.openai'],
  ['https://proxy.example.com/v1', 'fallback'],
  ['https://notgroq.com:11434/v1', 'fallback'],
  ['https://evilapi.groq.com.example.com/v1', 'fallback'],
  ['https://evilapi.openai.com/v1', 'fallback'],
  ['no url', 'fallback'],
  [undefined, 'fallback'],
])('%s is %s', (url, provider) => expect(providerOfUrl(url, 'fallback')).toBe(provider));
