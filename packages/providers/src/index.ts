export type { CallAttributeOptions } from './call-attributes.js';
export { toGenAiAttributes } from './call-attributes.js';
export { openAiCompatible } from './compatible/provider.js';
export type {
  ContentKind,
  Endpoint,
  Provider,
  ProviderError,
  ProviderTiming,
  RequestFacts,
  ResponseFacts,
  ResponseReader,
  UsageOption,
} from './provider.js';
export { findProvider } from './providers.js';
