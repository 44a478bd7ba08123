import type { Span } from '@vedetta/model';
import type { DerivedMetricsOf } from './subject.js';
import { durationSeconds, exemplarOf } from './subject.js';

const CLIENT = 3;

/** Operations on databases: client spans of the OpenTelemetry database conventions. */
export const databaseMetrics: DerivedMetricsOf = (registry) => {
  const labels = ['operation', 'collection'];
  const operations = registry.counter({ name: 'database_operations_total', help: 'Operations on databases.', labels });
  const seconds = registry.histogram({
    name: 'database_duration_seconds',
    help: 'Time of an operation on a database.',
    labels,
  });
  return {
    span(span) {
      const system = text(span, 'db.system.name') ?? text(span, 'db.system');
      if (system === undefined || span.kind !== CLIENT) return;
      const operation = text(span, 'db.operation.name') ?? text(span, 'db.operation') ?? 'unknown';
      const collection =
        text(span, 'db.collection.name') ??
        text(span, 'db.sql.table') ??
        text(span, 'db.mongodb.collection') ??
        'unknown';
      const duration = durationSeconds(span);
      operations.add([operation, collection], 1, exemplarOf(span, duration));
      seconds.observe([operation, collection], duration, exemplarOf(span, duration));
    },
  };
};

function text({ attributes }: Span, name: string): string | undefined {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
