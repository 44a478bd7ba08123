/** Hosts of providers, and of programs that serve models, by their end. */
const HOSTS: readonly (readonly [ending: string, provider: string])[] = [
  ['api.openai.com', 'openai'],
  ['.openai.azure.com', 'azure.ai.openai'],
  ['.services.ai.azure.com', 'azure.ai.openai'],
  ['.cognitiveservices.azure.com', 'azure.ai.openai'],
  ['.models.ai.azure.com', 'azure.ai.inference'],
  ['api.anthropic.com', 'anthropic'],
  ['generativelanguage.googleapis.com', 'gcp.gemini'],
  ['aiplatform.googleapis.com', 'gcp.vertex_ai'],
  ['.amazonaws.com', 'aws.bedrock'],
  ['api.groq.com', 'groq'],
  ['api.mistral.ai', 'mistral_ai'],
  ['api.deepseek.com', 'deepseek'],
  ['api.x.ai', 'x_ai'],
  ['api.perplexity.ai', 'perplexity'],
  ['api.cohere.com', 'cohere'],
  ['api.cohere.ai', 'cohere'],
  ['openrouter.ai', 'openrouter'],
  ['api.together.xyz', 'together_ai'],
  ['api.together.ai', 'together_ai'],
  ['api.fireworks.ai', 'fireworks_ai'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.moonshot.ai', 'moonshot_ai'],
  ['ollama.com', 'ollama'],
];

/** Ports that programs for models of one's own listen on unless told otherwise. */
const LOCAL_PORTS: ReadonlyMap<string, string> = new Map([
  ['11434', 'ollama'],
  ['8000', 'vllm'],
  ['1234', 'lm_studio'],
  ['8080', 'llama_cpp'],
  ['30000', 'sglang'],
]);

/** A Vedetta gateway says in the path whom it stands for. */
const GATEWAY = /\/gateway\/([^/]+)\//;

/** Whether calls go through a Vedetta gateway, which records them too. */
export function isGatewayUrl(baseUrl: unknown): boolean {
  return typeof baseUrl === 'string' && GATEWAY.test(`${baseUrl}/`);
}

/**
 * Who answers behind a base URL, as `gen_ai.provider.name` of the GenAI conventions; `fallback` when the host says nothing: a
 * proxy of the company's own in front of the client's usual provider is likelier than anything else.
 */
export function providerOfUrl(baseUrl: unknown, fallback: string): string {
  if (typeof baseUrl !== 'string') return fallback;
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    return fallback;
  }
  const gateway = GATEWAY.exec(`${url.pathname}/`)?.[1];
  if (gateway !== undefined)
    return gateway === 'azure' ? 'azure.ai.openai' : gateway === 'gemini' ? 'gcp.gemini' : gateway;
  for (const [ending, provider] of HOSTS) {
    if (
      url.hostname === ending ||
      (ending.startsWith('.') ? url.hostname.endsWith(ending) : url.hostname.endsWith(`.${ending}`))
    ) {
      return provider;
    }
  }
  return isLocal(url.hostname) ? (LOCAL_PORTS.get(url.port) ?? fallback) : fallback;
}

function isLocal(hostname: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|10\..*|192\.168\..*|.*\.(?:local|internal))$/.test(
    hostname,
  );
}
