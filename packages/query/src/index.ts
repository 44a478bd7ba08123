export { knownValues } from './filter/compare.js';
export { formatFilter } from './filter/format-filter.js';
export type { ParsedFilter } from './filter/parse-filter.js';
export { parseFilter } from './filter/parse-filter.js';
