export { MemoryReader } from './memory-reader.js';
export type { EvalOutcome } from './run-script.js';
export { runBlocks } from './run-script.js';
export { readShared } from './shared-data.js';
export type { TestBlock } from './test-script.js';
export { parseJsonScript } from './test-script.js';
