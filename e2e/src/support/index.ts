export type { Answer } from '../prometheus/compare-answers.js';
export { compareAnswers } from '../prometheus/compare-answers.js';
export type { OtlpBody } from './otlp-body.js';
export { createOtlpBody, postOtlp } from './otlp-body.js';
export type { WrittenSeries } from './remote-write.js';
export { postRemoteWrite } from './remote-write.js';
export type { ServerProcess } from './server-process.js';
export { freePort, startServerProcess } from './server-process.js';
