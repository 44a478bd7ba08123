import { clearLogsQuerySchema, clearLogsResponseSchema } from '@vedetta/client/schemas';
import { ArchiveError, deleteOld } from '../archive/delete-old.js';
import { ProblemError } from '../http/problem.js';
import { DAY_MS } from '../http/time-query.js';
import type { TypedApp } from '../http/typed-app.js';
import { toIso } from '../json/stats-json.js';
import type { ServerContext } from '../server-context.js';

/** Deletion on demand; the scheduled one is in `retention.ts`. */
export async function maintenanceRoutes(app: TypedApp, context: ServerContext): Promise<void> {
  const { log, now } = context;
  app.delete(
    '/api/logs/clear',
    {
      schema: {
        tags: ['System'],
        summary: 'Delete what is older than a number of days',
        querystring: clearLogsQuerySchema.strict(),
        response: { 200: clearLogsResponseSchema },
      },
      config: { problems: [503] },
    },
    async ({ query }) => {
      // Past now for 0 days, so that "everything" holds what came in this very millisecond.
      const daysAgo = (days: number): number => (days === 0 ? now() + DAY_MS : now() - days * DAY_MS);
      const before = daysAgo(query.days);
      const deleted = await deleteOld(context, before).catch((error: unknown) => {
        if (!(error instanceof ArchiveError)) throw error;
        log.error({ err: error }, 'deletion on demand ended');
        throw new ProblemError(503, `${error.message}; what it does not hold was not deleted`);
      });
      const samplesDays = query.samples_days ?? query.days;
      const { samples, series } = await context.store.samples.deleteBefore(daysAgo(samplesDays));
      log.info({ days: query.days, ...deleted, samplesDays, samples, series }, 'deleted on demand');
      return {
        deleted: deleted.requests,
        requests: deleted.requests,
        spans: deleted.spans,
        phases: deleted.phases,
        events: deleted.customEvents,
        samples,
        series,
        older_than: toIso(before),
        archived: deleted.archived,
        archive_dir: deleted.archiveDir ?? null,
      };
    },
  );
}
