export { registerHostMetrics } from './host-metrics.js';
export type { HostSamplerOptions, SystemSample } from './host-sampler.js';
export { HostSampler } from './host-sampler.js';
export { observeGarbageCollections, registerProcessMetrics } from './process-metrics.js';
export type { EventLoopDelay, GcKind, ProcessSample } from './process-monitor.js';
export { ProcessMonitor } from './process-monitor.js';
export type { ReadText } from './read-text.js';
