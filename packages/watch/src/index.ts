export type { MetricSample } from './models/engine-load.js';
export type { ModelWatchOptions, WatchedUpstream } from './models/model-watch.js';
export { ModelWatch } from './models/model-watch.js';
export type { EngineLoad, ServedModel, Upstream, UpstreamState } from './models/served-model.js';
