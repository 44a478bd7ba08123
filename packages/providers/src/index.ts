export type { CallAttributeOptions } from './call-attributes.js';
export { toGenAiAttributes } from './call-attributes.js';
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
