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
