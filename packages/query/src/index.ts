export { knownValues } from './filter/compare.js';
export { formatFilter } from './filter/format-filter.js';
export type { ParsedFilter } from './filter/parse-filter.js';
export { parseFilter } from './filter/parse-filter.js';
export type {
  InstantQuery,
  PromqlEngine,
  QueryData,
  QueryOptions,
  QueryResult,
  QueryStats,
  RangeQuery,
  ResultSeries,
} from './promql/engine.js';
export { createPromqlEngine } from './promql/engine.js';
export type { EngineLimits, EngineOptions } from './promql/engine-options.js';
export { DEFAULT_LIMITS } from './promql/engine-options.js';
export type { Bucket, Buckets, NativeHistogram, ResetHint } from './promql/histogram/native-histogram.js';
export { allBuckets } from './promql/histogram/native-histogram.js';
export type { LabelPairs } from './promql/labels/label-set.js';
export { LabelSet, METRIC_NAME } from './promql/labels/label-set.js';
export type { LabelMatcher, MatchOperator } from './promql/labels/matcher.js';
export { createMatcher, formatMatcher } from './promql/labels/matcher.js';
export type { Regex } from './promql/regex/compile-regex.js';
export { compileRegex } from './promql/regex/compile-regex.js';
export { RegexError } from './promql/regex/parse-regex.js';
export type { SampleReader, SampleSeries, SelectHints, SelectLimits, SelectOutcome } from './promql/sample-reader.js';
export { findStale, setStale } from './promql/sample-reader.js';
export type { Expr, TextRange, ValueType, VectorSelector } from './promql/syntax/ast.js';
export { formatPromql } from './promql/syntax/format-promql.js';
export type { ParsedPromql, ParseOptions } from './promql/syntax/parse-promql.js';
export { parsePromql } from './promql/syntax/parse-promql.js';
export type { PromqlErrorKind } from './promql/syntax/promql-error.js';
export { PromqlError } from './promql/syntax/promql-error.js';
export { selectorsOf } from './promql/syntax/selectors-of.js';
