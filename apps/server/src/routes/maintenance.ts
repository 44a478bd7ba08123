import { clearLogsQuerySchema, clearLogsResponseSchema } from '@vedetta/client/schemas';
import { DAY_MS } from '../http/time-query.js';
import type { TypedApp } from '../http/typed-app.js';
import { toIso } from '../json/stats-json.js';
import type { ServerContext } from '../server-context.js';

/** Deletion on demand; the scheduled one is in `retention.ts`. */
export async function maintenanceRoutes(app: TypedApp, { store, log, now }: ServerContext): Promise<void> {
  app.delete(
    '/api/logs/clear',
    {
      schema: {
        tags: ['System'],
        summary: 'Delete what is older than a number of days',
        querystring: clearLogsQuerySchema.strict(),
        response: { 200: clearLogsResponseSchema },
      },
    },
    async ({ query }) => {
      // Past now for 0 days, so that "everything" holds what came in this very millisecond.
      const before = query.days === 0 ? now() + DAY_MS : now() - query.days * DAY_MS;
      const deleted = await store.maintenance.deleteBefore(before);
      log.info({ days: query.days, ...deleted }, 'deleted on demand');
      return {
        deleted: deleted.requests,
        requests: deleted.requests,
        spans: deleted.spans,
        phases: deleted.phases,
        events: deleted.customEvents,
        older_than: toIso(before),
      };
    },
  );
}
