import path from 'node:path';
import {
  dashboardListSchema,
  dashboardSchema,
  dashboardUidSchema,
  deleteDashboardQuerySchema,
  deleteDashboardResponseSchema,
  putDashboardResponseSchema,
  putDashboardSchema,
} from '@vedetta/client/schemas';
import { z } from 'zod';
import { loadBuiltInDashboards } from '../dashboards/built-in-dashboards.js';
import type { ChangeOutcome, LibraryEntry } from '../dashboards/dashboard-library.js';
import { DashboardLibrary, MAX_DASHBOARDS } from '../dashboards/dashboard-library.js';
import { ProblemError } from '../http/problem.js';
import type { TypedApp } from '../http/typed-app.js';
import type { ServerContext } from '../server-context.js';

const params = z.object({ id: dashboardUidSchema.describe('uid of the dashboard') });
const FOLDER = 'dashboards';

/** Dashboards in Grafana's JSON: those that come with the program, and the users' own. */
export async function dashboardRoutes(app: TypedApp, { config, now }: ServerContext): Promise<void> {
  const library = new DashboardLibrary(path.join(config.dataDir, FOLDER), await loadBuiltInDashboards(), now);
  const sample_interval_ms = config.metrics.intervalSeconds * 1000;

  app.get(
    '/api/dashboards',
    {
      schema: {
        tags: ['Dashboards'],
        summary: 'All dashboards: those that come with Vedetta, then those that were made or imported',
        querystring: z.strictObject({}),
        response: { 200: dashboardListSchema },
      },
    },
    async () => {
      const { entries, broken } = await library.list();
      return {
        dashboards: entries.map((entry) => ({
          ...factsOf(entry),
          description: entry.description,
          tags: [...entry.tags],
          panels: entry.panels,
        })),
        sample_interval_ms,
        broken: broken.map(({ file, reason }) => ({ file, reason })),
      };
    },
  );

  app.get(
    '/api/dashboards/:id',
    {
      schema: {
        tags: ['Dashboards'],
        summary: "One dashboard: Grafana's JSON, with its version",
        params,
        response: { 200: dashboardSchema },
      },
      config: { problems: [404] },
    },
    async ({ params: { id } }) => {
      const entry = await library.get(id);
      if (entry === undefined) throw unknownDashboard(id);
      return { ...factsOf(entry), sample_interval_ms, dashboard: entry.dashboard };
    },
  );

  app.put(
    '/api/dashboards/:id',
    {
      schema: {
        tags: ['Dashboards'],
        summary: 'Save a dashboard over the version it was made of, or create it',
        description: 'A version that is no longer the latest is answered with 409: read it again and change that.',
        params,
        body: putDashboardSchema,
        response: { 200: putDashboardResponseSchema },
      },
      config: { problems: [404, 409] },
    },
    async ({ params: { id }, body }) => {
      const { version, updated_at } = done(id, await library.put(id, body.version ?? undefined, body.dashboard));
      return { uid: id, version, updated_at };
    },
  );

  app.delete(
    '/api/dashboards/:id',
    {
      schema: {
        tags: ['Dashboards'],
        summary: 'Delete a dashboard of users',
        params,
        querystring: deleteDashboardQuerySchema.strict(),
        response: { 200: deleteDashboardResponseSchema },
      },
      config: { problems: [404, 409] },
    },
    async ({ params: { id }, query }) => {
      done(id, await library.delete(id, query.version));
      return { uid: id, deleted: true as const };
    },
  );
}

function factsOf({ uid, title, version, builtIn, updatedAtMs }: LibraryEntry) {
  return {
    uid,
    title,
    version,
    built_in: builtIn,
    updated_at: builtIn ? null : new Date(updatedAtMs).toISOString(),
  };
}

function done(uid: string, outcome: ChangeOutcome): { readonly version: number; readonly updated_at: string } {
  switch (outcome.kind) {
    case 'done':
      return { version: outcome.version, updated_at: new Date(outcome.updatedAtMs).toISOString() };
    case 'unknown':
      throw unknownDashboard(uid);
    case 'built-in':
      throw new ProblemError(409, `"${uid}" comes with Vedetta and stays as it is; save it under another uid`);
    case 'conflict':
      throw new ProblemError(
        409,
        `"${uid}" has version ${outcome.version} by now: somebody saved it meanwhile; read it again and change that`,
      );
    case 'same-name':
      throw new ProblemError(409, `"${uid}" differs from "${outcome.uid}" only by case; choose another uid`);
    case 'full':
      throw new ProblemError(409, `there are ${MAX_DASHBOARDS} dashboards already; delete one first`);
  }
}

function unknownDashboard(uid: string): ProblemError {
  return new ProblemError(404, `there is no dashboard "${uid}"; GET /api/dashboards lists them`);
}
