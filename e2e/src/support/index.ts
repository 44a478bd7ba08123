export type { OtlpBody } from './otlp-body.js';
export { createOtlpBody, postOtlp } from './otlp-body.js';
export type { ServerProcess } from './server-process.js';
export { freePort, startServerProcess } from './server-process.js';
