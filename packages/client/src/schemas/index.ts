export {
  durationStatsSchema,
  problemSchema,
  scopeQuerySchema,
} from './common.js';
export {
  dashboardListSchema,
  dashboardSchema,
  dashboardUidSchema,
  deleteDashboardQuerySchema,
  deleteDashboardResponseSchema,
  putDashboardResponseSchema,
  putDashboardSchema,
} from './dashboards.js';
export {
  MAX_SUMMARY_HOURS,
  MAX_SYSTEM_MINUTES,
  metricsSummaryQuerySchema,
  metricsSummarySchema,
  systemMetricSchema,
  systemMetricsQuerySchema,
  systemMetricsSchema,
} from './metrics.js';
export { availabilitySchema, modelSchema, modelsSchema, upstreamSchema } from './models.js';
export {
  priceListSchema,
  priceQuerySchema,
  recostRequestSchema,
  recostResponseSchema,
  statusPricesSchema,
} from './prices.js';
export {
  activeRequestsSchema,
  customEventSchema,
  dailyQuerySchema,
  dailySchema,
  distributionKeySchema,
  distributionSchema,
  errorsSchema,
  limitQuerySchema,
  listRequestsQuerySchema,
  llmCallSchema,
  phaseSchema,
  requestPageSchema,
  requestSchema,
  requestStatusSchema,
  requestTimelineSchema,
  scoreSchema,
  spanSchema,
  statsSchema,
  timelineQuerySchema,
  timelineSchema,
} from './requests.js';
export {
  clearLogsQuerySchema,
  clearLogsResponseSchema,
  healthSchema,
  postEventResponseSchema,
  postEventSchema,
  postScoreResponseSchema,
  postScoreSchema,
  sqlRequestSchema,
  sqlResponseSchema,
  statusSchema,
} from './system.js';
