export type { GatewayCounters } from './counters.js';
export type { CallTimeouts } from './forward/forwarded-call.js';
export type { Gateway, GatewayOptions } from './gateway.js';
export { createGateway } from './gateway.js';
export type { KnownRequest } from './record/call-recording.js';
export type { SpanSink } from './record/recorder.js';
export type { UpstreamOptions } from './upstream.js';
