import { describe, expect, it } from 'vitest';
import { openAiCompatible } from './compatible/provider.js';
import { findProvider } from './providers.js';

const ROUTES: readonly (readonly [provider: string, path: string, operation: string | undefined, model?: string])[] = [
  ['openai', '/v1/chat/completions', 'chat'],
  ['openai', '/chat/completions', 'chat'],
  ['openai', '/v1/chat/completions/', 'chat'],
  ['openai', '/v1/chat/completions/abc', undefined],
  ['openai', '/v1/responses', 'chat'],
  ['openai', '/v1/responses/abc/cancel', undefined],
  ['openai', '/v1/models', undefined],
  ['openai', '/v1/__proto__', undefined],
  ['openai', '/v1/embeddings', 'embeddings'],
  ['openai', '/v1/images/edits', 'generate_content'],
  ['openai', '/v1/audio/speech', 'generate_content'],
  ['openai', '/v1/moderations', 'moderation'],
  ['mistral', '/v1/moderations', 'moderation'],
  ['mistral', '/v1/ocr', 'generate_content'],
  ['azure', '/openai/deployments/my%20gpt/chat/completions', 'chat', 'my gpt'],
  ['azure', '/openai/deployments/x%zz/embeddings', 'embeddings', 'x%zz'],
  ['azure', '/openai/v1/responses', 'chat'],
  ['azure', '/openai/responses', 'chat'],
  ['azure', '/models/chat/completions', 'chat'],
  ['azure', '/openai/deployments/a/unknown', undefined],
  ['anthropic', '/v1/messages', 'chat'],
  ['anthropic', '/v1/messages/count_tokens', undefined],
  ['anthropic', '/v1/messages/batches', undefined],
  ['anthropic', '/v1/complete', 'text_completion'],
  ['ollama', '/api/chat', 'chat'],
  ['ollama', '/api/generate', 'text_completion'],
  ['ollama', '/api/embed', 'embeddings'],
  ['ollama', '/api/pull', undefined],
  ['ollama', '/v1/chat/completions', 'chat'],
  ['ollama', '/v1/embeddings', 'embeddings'],
  ['ollama', '/v1/messages', 'chat'],
  ['gemini', '/v1beta/models/gemini-2.5-flash:generateContent', 'generate_content', 'gemini-2.5-flash'],
  ['gemini', '/v1beta/models/gemini-2.5-flash:countTokens', undefined],
  ['gemini', '/v1beta/models/e:batchEmbedContents', 'embeddings', 'e'],
  ['gemini', '/v1beta/openai/chat/completions', 'chat'],
  ['gemini', '/v1beta/models/imagen-4.0-generate-001:predict', 'generate_content', 'imagen-4.0-generate-001'],
  [
    'vertex',
    '/v1/projects/p/locations/l/publishers/google/models/text-embedding-005:predict',
    'embeddings',
    'text-embedding-005',
  ],
  ['vertex', '/v1/projects/p/locations/l/publishers/google/models/g:streamGenerateContent', 'generate_content', 'g'],
  ['vertex', '/v1/projects/p/locations/l/publishers/anthropic/models/claude@1:streamRawPredict', 'chat', 'claude@1'],
  ['groq', '/openai/v1/chat/completions', 'chat'],
  ['openrouter', '/api/v1/chat/completions', 'chat'],
  ['fireworks', '/inference/v1/completions', 'text_completion'],
  ['vllm', '/v1/rerank', 'rerank'],
  ['llama.cpp', '/completion', 'text_completion'],
  ['cohere', '/v2/rerank', 'rerank'],
  ['bedrock', '/model/cohere.rerank-v3-5%3A0/invoke', 'rerank', 'cohere.rerank-v3-5:0'],
  ['bedrock', '/model/amazon.nova-canvas-v1:0/invoke', 'generate_content', 'amazon.nova-canvas-v1:0'],
  [
    'bedrock',
    '/model/us.stability.stable-image-core-v1:1/invoke',
    'generate_content',
    'us.stability.stable-image-core-v1:1',
  ],
  ['bedrock', '/model/amazon.titan-embed-image-v1/invoke', 'embeddings', 'amazon.titan-embed-image-v1'],
  ['bedrock', '/model/anthropic.claude-3%3A0/converse-stream', 'chat', 'anthropic.claude-3:0'],
];

describe('routes', () => {
  const routes = ROUTES.map(([provider, path, operation, model]) => ({ provider, path, operation, model }));
  it.each(routes)('$provider $path is $operation', ({ provider, path, operation, model }) => {
    const endpoint = findProvider(provider)?.match('POST', path);
    expect(endpoint?.operation).toBe(operation);
    expect(endpoint?.pathModel).toBe(model);
  });

  it('only POST calls a model', () => {
    expect(findProvider('openai')?.match('GET', '/v1/chat/completions')).toBeUndefined();
    expect(findProvider('openai')?.match('post', '/v1/chat/completions')?.operation).toBe('chat');
  });

  it('streams are the rule where the provider or the path says so', () => {
    expect(findProvider('ollama')?.match('POST', '/api/chat')?.streamsByDefault).toBe(true);
    expect(findProvider('gemini')?.match('POST', '/v1beta/models/m:streamGenerateContent')?.streamsByDefault).toBe(
      true,
    );
    expect(findProvider('openai')?.match('POST', '/v1/chat/completions')?.streamsByDefault).toBeUndefined();
  });

  it('names are looked up in any case; others are of an upstream like OpenAI', () => {
    expect(findProvider('OpenAI')?.name).toBe('openai');
    expect(findProvider('constructor')).toBeUndefined();
    expect(openAiCompatible('my-gpus').name).toBe('my-gpus');
    expect(openAiCompatible('my-gpus').match('POST', '/anything/v1/chat/completions')?.operation).toBe('chat');
  });
});
