/**
 * Providers under the one name that keys of the price list begin with. Left: names of the OpenTelemetry GenAI conventions, of
 * LiteLLM (`litellm_provider`), of models.dev and of frameworks.
 */
const PROVIDER_KEYS: { readonly [name: string]: string } = {
  __proto__: null as never,
  'text-completion-openai': 'openai',
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure_ai',
  'azure-openai': 'azure',
  azure_openai: 'azure',
  azure_text: 'azure',
  'aws.bedrock': 'bedrock',
  bedrock_converse: 'bedrock',
  'amazon-bedrock': 'bedrock',
  'gcp.gemini': 'gemini',
  'gcp.gen_ai': 'gemini',
  google: 'gemini',
  'gcp.vertex_ai': 'vertex',
  vertex_ai: 'vertex',
  'google-vertex': 'vertex',
  'google-vertex-anthropic': 'vertex',
  mistral_ai: 'mistral',
  mistralai: 'mistral',
  cohere_chat: 'cohere',
  x_ai: 'xai',
  moonshot_ai: 'moonshot',
  moonshotai: 'moonshot',
  together_ai: 'together',
  togetherai: 'together',
  fireworks_ai: 'fireworks',
  'fireworks-ai': 'fireworks',
  'fireworks_ai-embedding-models': 'fireworks',
  'ibm.watsonx.ai': 'watsonx',
  alibaba: 'dashscope',
  zhipuai: 'zai',
  vercel: 'vercel_ai_gateway',
  'novita-ai': 'novita',
  voyageai: 'voyage',
  hugging_face: 'huggingface',
};

/** Name of a provider as keys of the price list begin: `azure.ai.openai` is `azure`. Names not known become lower case. */
export function toProviderKey(name: string): string {
  const lower = name.trim().toLowerCase();
  if (lower.startsWith('vertex_ai-')) return 'vertex';
  return PROVIDER_KEYS[lower] ?? lower;
}

// Names that only their maker gives to models, for calls whose provider is not known.
const MAKERS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:ft:)?(?:gpt-(?:3\.5|4|5|image)|chatgpt-4o|o[134](?:$|-)|text-embedding-(?:3-|ada-002)|davinci-002|babbage-002|dall-e-[23]$|omni-moderation-)/,
    'openai',
  ],
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'gemini'],
  [/^(?:mistral-(?:tiny|small|medium|large|embed)|codestral-|ministral-|magistral-|devstral-|pixtral-)/, 'mistral'],
  [/^(?:command-(?:r|a)|embed-(?:english|multilingual|v4)|rerank-(?:english|multilingual|v))/, 'cohere'],
  [/^grok-/, 'xai'],
  [/^deepseek-(?:chat|reasoner)$/, 'deepseek'],
  [/^voyage-/, 'voyage'],
];

/** The provider that a model's name alone tells, where only one maker uses such names; `undefined` otherwise. */
export function makerOf(model: string): string | undefined {
  return MAKERS.find(([pattern]) => pattern.test(model))?.[1];
}
