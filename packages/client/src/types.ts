import type { z } from 'zod';
import type * as schemas from './schemas/index.js';

export type Problem = z.infer<typeof schemas.problemSchema>;
export type ScopeQuery = z.input<typeof schemas.scopeQuerySchema>;
export type DurationStats = z.infer<typeof schemas.durationStatsSchema>;
export type RequestStatus = z.infer<typeof schemas.requestStatusSchema>;
export type Request = z.infer<typeof schemas.requestSchema>;
export type ListRequestsQuery = z.input<typeof schemas.listRequestsQuerySchema>;
export type RequestPage = z.infer<typeof schemas.requestPageSchema>;
export type Phase = z.infer<typeof schemas.phaseSchema>;
export type CustomEvent = z.infer<typeof schemas.customEventSchema>;
export type LlmCall = z.infer<typeof schemas.llmCallSchema>;
export type Score = z.infer<typeof schemas.scoreSchema>;
export type Span = z.infer<typeof schemas.spanSchema>;
export type RequestTimeline = z.infer<typeof schemas.requestTimelineSchema>;
export type ActiveRequests = z.infer<typeof schemas.activeRequestsSchema>;
export type Errors = z.infer<typeof schemas.errorsSchema>;
export type Stats = z.infer<typeof schemas.statsSchema>;
export type TimelineQuery = z.input<typeof schemas.timelineQuerySchema>;
export type Timeline = z.infer<typeof schemas.timelineSchema>;
export type DailyQuery = z.input<typeof schemas.dailyQuerySchema>;
export type Daily = z.infer<typeof schemas.dailySchema>;
export type DistributionKey = z.infer<typeof schemas.distributionKeySchema>;
export type Distribution = z.infer<typeof schemas.distributionSchema>;
export type LimitQuery = z.input<typeof schemas.limitQuerySchema>;
export type Status = z.infer<typeof schemas.statusSchema>;
export type Health = z.infer<typeof schemas.healthSchema>;
export type Model = z.infer<typeof schemas.modelSchema>;
export type Models = z.infer<typeof schemas.modelsSchema>;
export type Upstream = z.infer<typeof schemas.upstreamSchema>;
export type Availability = z.infer<typeof schemas.availabilitySchema>;
export type PostEvent = z.input<typeof schemas.postEventSchema>;
export type PostEventResponse = z.infer<typeof schemas.postEventResponseSchema>;
export type PostScore = z.input<typeof schemas.postScoreSchema>;
export type PostScoreResponse = z.infer<typeof schemas.postScoreResponseSchema>;
export type ClearLogsResponse = z.infer<typeof schemas.clearLogsResponseSchema>;
export type Prices = z.infer<typeof schemas.priceListSchema>;
export type PriceQuery = z.input<typeof schemas.priceQuerySchema>;
export type RecostRequest = z.input<typeof schemas.recostRequestSchema>;
export type RecostResponse = z.infer<typeof schemas.recostResponseSchema>;
export type SystemMetricsQuery = z.input<typeof schemas.systemMetricsQuerySchema>;
export type SystemMetrics = z.infer<typeof schemas.systemMetricsSchema>;
export type MetricsSummaryQuery = z.input<typeof schemas.metricsSummaryQuerySchema>;
export type MetricsSummary = z.infer<typeof schemas.metricsSummarySchema>;
export type SqlRequest = z.input<typeof schemas.sqlRequestSchema>;
export type SqlResponse = z.infer<typeof schemas.sqlResponseSchema>;
export type DashboardList = z.infer<typeof schemas.dashboardListSchema>;
export type StoredDashboard = z.infer<typeof schemas.dashboardSchema>;
export type PutDashboard = z.input<typeof schemas.putDashboardSchema>;
export type PutDashboardResponse = z.infer<typeof schemas.putDashboardResponseSchema>;
export type DeleteDashboardQuery = z.input<typeof schemas.deleteDashboardQuerySchema>;
export type DeleteDashboardResponse = z.infer<typeof schemas.deleteDashboardResponseSchema>;

/** Messages of `GET /api/live` (server-sent events), by event name. */
export interface LiveEvents {
  /** Sent first, and every 15 s as a sign of life. */
  hello: { now: string };
  /** Requests that were created or changed by commits since the last message, at most twice a second, newest version each. */
  requests: { requests: Request[]; more: number };
  /** Custom events stored since the last message. */
  events: { events: CustomEvent[] };
}
