import type { TimeRange } from '@vedetta/model';

/** How the machine was at a time; `undefined` is not known. Percentages are 0 to 100, MB and GB binary. */
export interface SystemMetricRow {
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  readonly cpuPercent: number | undefined;
  readonly memoryPercent: number | undefined;
  readonly memoryUsedMb: number | undefined;
  readonly memoryAvailableMb: number | undefined;
  readonly diskUsagePercent: number | undefined;
  readonly diskFreeGb: number | undefined;
  /** Since the interfaces came up. */
  readonly networkBytesSent: number | undefined;
  readonly networkBytesRecv: number | undefined;
  readonly activeConnections: number | undefined;
}

/** How a figure of the machine was over a time; all are `undefined` when it was never known. */
export interface SystemFigure {
  readonly average: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The last one that was known. */
  readonly latest: number | undefined;
}

/** How the machine was over a time. */
export interface SystemMetricSummary {
  readonly samples: number;
  readonly cpuPercent: SystemFigure;
  readonly memoryPercent: SystemFigure;
  readonly diskUsagePercent: SystemFigure;
  readonly activeConnections: SystemFigure;
  /** Within the time; where the counter fell, the machine started anew and it counts from 0. */
  readonly networkBytesSent: number;
  readonly networkBytesRecv: number;
}

/** What HTTP requests of one endpoint and method came to. */
export interface EndpointMetrics {
  readonly endpoint: string;
  readonly method: string;
  readonly requests: number;
  readonly errors: number;
  /** Milliseconds. */
  readonly averageMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Bytes; `undefined` when no request said. */
  readonly averageRequestBytes: number | undefined;
  readonly averageResponseBytes: number | undefined;
  /** Requests by status; those without one are under `unknown`. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** Rows of metrics that are stored as rows: those of the machine, and HTTP requests as they are among the spans. */
export interface SystemMetricStore {
  write(row: SystemMetricRow): Promise<void>;
  /** Rows of a time, oldest first; at most `limit`, the latest. The range's end is exclusive. */
  recent(range: TimeRange, limit: number): Promise<readonly SystemMetricRow[]>;
  /** The rows of a time summed up; the range's end is exclusive. */
  summary(range: TimeRange): Promise<SystemMetricSummary>;
  /** HTTP requests that started in a time, by endpoint, most requests first, at most `limit` endpoints. */
  endpoints(range: TimeRange, limit: number): Promise<readonly EndpointMetrics[]>;
  /** Deletes rows of the machine of before a time; answers how many. */
  deleteBefore(unixMs: number): Promise<number>;
}
