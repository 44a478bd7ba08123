export type { Cassette } from './cassettes.js';
export { documentOf, endpointOf, factsOf, providerOf, readCassettes, streamOf } from './cassettes.js';
export type { RecordedEvent } from './frames.js';
export { awsEventsOf, eventsOf } from './frames.js';
