export type { HostSamplerOptions, SystemSample } from './collect/host-sampler.js';
export { HostSampler } from './collect/host-sampler.js';
export type { EventLoopDelay, GcKind, ProcessSample } from './collect/process-monitor.js';
export { ProcessMonitor } from './collect/process-monitor.js';
export type { ReadText } from './collect/read-text.js';
export type { MetricSample } from './models/engine-load.js';
export type { ModelWatchOptions, WatchedUpstream } from './models/model-watch.js';
export { ModelWatch } from './models/model-watch.js';
export type { EngineLoad, ServedModel, Upstream, UpstreamState } from './models/served-model.js';
