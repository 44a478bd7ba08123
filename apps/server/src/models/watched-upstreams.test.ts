import { describe, expect, it } from 'vitest';
import { watchedUpstreams } from './watched-upstreams.js';

function find(name: string, settings: Parameters<typeof watchedUpstreams>[0] = {}) {
  return watchedUpstreams(settings).find((upstream) => upstream.name === name);
}

describe('upstreams that are asked for their models', () => {
  it('are on this machine, unless the user says otherwise', () => {
    expect(find('ollama')).toEqual({
      name: 'ollama',
      provider: 'ollama',
      url: 'http://127.0.0.1:11434',
      optional: true,
    });
    const asked = watchedUpstreams({}).filter(({ uncheckedReason }) => uncheckedReason === undefined);
    expect(asked.map(({ name }) => name)).toEqual(['ollama']);
  });

  it('are those with a key or an address of their own', () => {
    expect(find('openai', { openai: { checkKey: 'k' } })).toEqual({
      name: 'openai',
      provider: 'openai',
      url: 'https://api.openai.com',
      apiKey: 'k',
    });
    expect(find('mine', { mine: { url: 'https://models.example.com/', provider: 'vllm' } })).toEqual({
      name: 'mine',
      provider: 'vllm',
      url: 'https://models.example.com',
    });
  });

  it('are listed as their provider is', () => {
    const azure = { url: 'https://mine.openai.azure.com' };
    expect(find('azure', { azure })).toMatchObject({ provider: 'azure' });
    expect(find('gemini')).toMatchObject({ provider: 'gemini' });
  });

  it('say why they are not asked', () => {
    expect(find('azure')?.uncheckedReason).toBe('no address: set gateway.upstreams.azure.url');
    expect(find('openai')?.uncheckedReason).toBe('not asked: set gateway.upstreams.openai.checkKey, or its url');
  });
});
