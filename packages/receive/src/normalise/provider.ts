// Names that dialects use for the providers of the GenAI conventions. `google` alone does not say which of its services.
const RENAMED: { readonly [name: string]: string | undefined } = {
  __proto__: null as never,
  'az.ai.openai': 'azure.ai.openai',
  'az.ai.inference': 'azure.ai.inference',
  azure: 'azure.ai.openai',
  azureopenai: 'azure.ai.openai',
  azure_openai: 'azure.ai.openai',
  'azure-openai': 'azure.ai.openai',
  vertex_ai: 'gcp.vertex_ai',
  vertexai: 'gcp.vertex_ai',
  'google.vertex': 'gcp.vertex_ai',
  'google-vertex': 'gcp.vertex_ai',
  google_vertexai: 'gcp.vertex_ai',
  gemini: 'gcp.gemini',
  'google.generative-ai': 'gcp.gemini',
  google_genai: 'gcp.gemini',
  'google-gla': 'gcp.gemini',
  google: 'gcp.gen_ai',
  'gcp.vertex.agent': 'gcp.gen_ai',
  'amazon-bedrock': 'aws.bedrock',
  bedrock: 'aws.bedrock',
  aws: 'aws.bedrock',
  mistral: 'mistral_ai',
  mistralai: 'mistral_ai',
  xai: 'x_ai',
  watsonx: 'ibm.watsonx.ai',
  moonshot: 'moonshot_ai',
  'llama.cpp': 'llama_cpp',
};

// Names of the conventions that have dots of their own; in others a dot separates the provider from its API, as the Vercel
// SDK writes it (`openai.chat`).
const DOTTED = new Set([
  'azure.ai.openai',
  'azure.ai.inference',
  'aws.bedrock',
  'gcp.gemini',
  'gcp.vertex_ai',
  'gcp.gen_ai',
  'ibm.watsonx.ai',
  'microsoft.agent_framework',
]);

/** A provider's name as the GenAI conventions write it; a name that is not known becomes lower case. */
export function toProvider(name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  const lower = name.toLowerCase();
  return RENAMED[lower] ?? (DOTTED.has(lower) ? lower : cut(lower));
}

function cut(name: string): string {
  for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
    const head = name.slice(0, end);
    if (RENAMED[head] !== undefined) return RENAMED[head];
    if (DOTTED.has(head)) return head;
  }
  const dot = name.indexOf('.');
  // Only the endings that name an API are cut: `my.company` is a name.
  return dot > 0 &&
    /^\.(?:chat|responses|completion|embedding|image|messages|speech|transcription)/.test(name.slice(dot))
    ? name.slice(0, dot)
    : name;
}
