import {
  dailyQuerySchema,
  dailySchema,
  distributionKeySchema,
  distributionSchema,
  limitQuerySchema,
  scopeQuerySchema,
  statsSchema,
  timelineQuerySchema,
  timelineSchema,
} from '@vedetta/client/schemas';
import { z } from 'zod';
import { invalidField } from '../http/problem.js';
import { toScope } from '../http/scope-query.js';
import { DAY_MS, toTimeRange } from '../http/time-query.js';
import { chooseStepMs, MAX_BUCKETS } from '../http/timeline-step.js';
import type { TypedApp } from '../http/typed-app.js';
import { toDailyJson, toDistributionJson, toStatsJson, toTimelineJson } from '../json/stats-json.js';
import type { ServerContext } from '../server-context.js';

/** Figures over many requests. */
export async function statisticsRoutes(app: TypedApp, { store, content, now }: ServerContext): Promise<void> {
  app.get(
    '/api/stats',
    {
      schema: {
        tags: ['Statistics'],
        summary: 'Counts, durations, tokens and phases of a range',
        querystring: scopeQuerySchema.strict(),
        response: { 200: statsSchema },
      },
    },
    async ({ query }) => {
      const scope = toScope(query, now(), content);
      const [stats, phases] = await Promise.all([store.requests.stats(scope), store.requests.phaseStats(scope)]);
      return toStatsJson(scope.range, stats, phases);
    },
  );

  app.get(
    '/api/stats/timeline',
    {
      schema: {
        tags: ['Statistics'],
        summary: 'Figures by time, in buckets of one width',
        description: `At most ${MAX_BUCKETS} buckets; empty ones are included.`,
        querystring: timelineQuerySchema.strict(),
        response: { 200: timelineSchema },
      },
    },
    async ({ query }) => {
      const time = now();
      const scope = toScope(query, time, content);
      const { fromUnixMs, toUnixMs, sliding } = toTimeRange(query, time);
      const stepMs = query.step_ms ?? chooseStepMs(toUnixMs - fromUnixMs);
      // Where the range slides with the clock, buckets stand still, so that a chart that follows it does not flicker.
      const range = sliding
        ? { fromUnixMs: Math.floor(fromUnixMs / stepMs) * stepMs, toUnixMs }
        : { fromUnixMs, toUnixMs };
      if ((range.toUnixMs - range.fromUnixMs) / stepMs > MAX_BUCKETS) {
        throw invalidField(
          'step_ms',
          `${stepMs} gives more than ${MAX_BUCKETS} buckets; widen it, or narrow the range`,
        );
      }
      const buckets = await store.requests.timeline({ range, filter: scope.filter }, stepMs);
      return toTimelineJson(range, stepMs, buckets);
    },
  );

  app.get(
    '/api/stats/daily',
    {
      schema: {
        tags: ['Statistics'],
        summary: 'One row a day, newest first',
        description: 'The last 30 days unless `from` says otherwise.',
        querystring: dailyQuerySchema.strict(),
        response: { 200: dailySchema },
      },
    },
    async ({ query }) => {
      const { time_zone: timeZone, ...scope } = query;
      if (!isTimeZone(timeZone)) {
        throw invalidField('time_zone', `"${timeZone.slice(0, 60)}" is no IANA time zone, such as Europe/Rome or UTC`);
      }
      const days = await store.requests.daily(toScope(scope, now(), content, 30 * DAY_MS), timeZone);
      return toDailyJson(days);
    },
  );

  app.get(
    '/api/distribution/:by',
    {
      schema: {
        tags: ['Statistics'],
        summary: 'Requests by the values of one field',
        params: z.object({ by: distributionKeySchema }),
        querystring: limitQuerySchema.strict(),
        response: { 200: distributionSchema },
      },
    },
    async ({ params, query }) => {
      const rows = await store.requests.distribution(toScope(query, now(), content), params.by, query.limit);
      return toDistributionJson(params.by, rows);
    },
  );
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
