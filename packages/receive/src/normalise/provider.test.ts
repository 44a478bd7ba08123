import { expect, it } from 'vitest';
import { toProvider } from './provider.js';

it.each([
  ['OpenAI', 'openai'],
  ['openai.chat', 'openai'],
  ['openai.responses', 'openai'],
  ['azure.ai.openai', 'azure.ai.openai'],
  ['az.ai.inference', 'azure.ai.inference'],
  ['azure-openai.chat', 'azure.ai.openai'],
  ['google.generative-ai', 'gcp.gemini'],
  ['google.vertex.chat', 'gcp.vertex_ai'],
  ['vertex_ai', 'gcp.vertex_ai'],
  ['gemini', 'gcp.gemini'],
  ['amazon-bedrock', 'aws.bedrock'],
  ['aws.bedrock', 'aws.bedrock'],
  ['mistral.chat', 'mistral_ai'],
  ['xai', 'x_ai'],
  ['Anthropic', 'anthropic'],
  ['anthropic.messages', 'anthropic'],
  ['ollama', 'ollama'],
  ['my.company', 'my.company'],
  ['', undefined],
  [undefined, undefined],
])('%s is %s', (name, provider) => {
  expect(toProvider(name)).toBe(provider);
});
