export type {
  LlmCallPage,
  LlmCallQuery,
  LlmCallReader,
  ModelStats,
  ScoreAverage,
  ScoreStats,
  UnpricedModel,
} from './api/llm-call-reader.js';
export type {
  Archive,
  DeletedCounts,
  DoomedBatch,
  MaintenanceStore,
  PriceCalls,
  RecostCounts,
  StoreInfo,
} from './api/maintenance.js';
export type {
  DailyStats,
  DistributionKey,
  DistributionRow,
  DurationStats,
  ErrorGroup,
  PhaseStats,
  RequestDetail,
  RequestKey,
  RequestListQuery,
  RequestPage,
  RequestReader,
  RequestScope,
  RequestSort,
  RequestSortKey,
  RequestStats,
  StoredSpan,
  TimelineBucket,
} from './api/request-reader.js';
export type {
  CountByName,
  DeletedSamples,
  HeadMemory,
  NumberedRows,
  NumberedSeries,
  SampleCardinality,
  SampleHints,
  SampleRange,
  SampleRejection,
  SampleRows,
  SampleStore,
  SampleStoreState,
  SampleTier,
  SampleWriteOutcome,
  SelectLimits,
  SelectOutcome,
  SeriesCardinality,
  SeriesSamples,
  ThinnedCounts,
} from './api/sample-store.js';
export { SAMPLE_REJECTIONS } from './api/sample-store.js';
export type { SqlLimits, SqlOutcome, SqlReader } from './api/sql-reader.js';
export type { Commit, Store, StoreWriter, WriteOutcome, WriterState } from './api/store.js';
export { StoreOpenError } from './api/store.js';
export type {
  EndpointMetrics,
  SystemFigure,
  SystemMetricRow,
  SystemMetricStore,
  SystemMetricSummary,
} from './api/system-metrics.js';
export type { LabelMatcher, Labels } from './samples/labels.js';
export { toLabels } from './samples/labels.js';
