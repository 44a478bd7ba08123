import type { MetricRegistry } from '@vedetta/metrics';
import type { Commit } from '@vedetta/store';
import { aiMetrics } from './ai-metrics.js';
import { databaseMetrics } from './database-metrics.js';
import { genAiMetrics } from './gen-ai-metrics.js';
import { httpMetrics } from './http-metrics.js';
import { peopleMetrics } from './people-metrics.js';
import { ragMetrics } from './rag-metrics.js';
import type { DerivedMetricsOf } from './subject.js';

/** Every subject. To add one: a file in this folder and an entry here. */
const SUBJECTS: readonly DerivedMetricsOf[] = [
  httpMetrics,
  aiMetrics,
  genAiMetrics,
  ragMetrics,
  peopleMetrics,
  databaseMetrics,
];

/** Registers all derived metrics; the answer takes commits, after them and never in their way. */
export function deriveMetrics(registry: MetricRegistry, now: () => number): (commit: Commit) => void {
  const subjects = SUBJECTS.map((metricsOf) => metricsOf(registry, now));
  return (commit) => {
    for (const span of commit.spans) {
      // An announcement comes again with its end.
      if (span.endUnixNano === 0n) continue;
      for (const subject of subjects) subject.span?.(span);
    }
    for (const subject of subjects) subject.commit?.(commit);
  };
}
