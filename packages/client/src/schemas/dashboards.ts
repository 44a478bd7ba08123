import { z } from 'zod';

/** What names a dashboard in addresses and files. */
export const dashboardUidSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,40}$/, 'a uid has 1 to 40 letters, digits, hyphens and underscores');

const storedFacts = {
  uid: dashboardUidSchema,
  title: z.string(),
  version: z.int().describe('Counts up by one each time it is saved'),
  built_in: z.boolean().describe('Shipped with Vedetta: read-only'),
  updated_at: z.string().nullable().describe('When it was saved last; null for those built in'),
};

/** What `GET /api/dashboards` answers. */
export const dashboardListSchema = z.object({
  dashboards: z.array(
    z.object({
      ...storedFacts,
      description: z.string(),
      tags: z.array(z.string()),
      panels: z.int(),
    }),
  ),
  sample_interval_ms: z.int().describe("Time between two samples of the server's own metrics: the least useful step"),
  broken: z
    .array(z.object({ file: z.string(), reason: z.string() }))
    .describe('Files in the folder of dashboards that could not be read'),
});

/** What `GET /api/dashboards/{id}` answers. */
export const dashboardSchema = z.object({
  ...storedFacts,
  sample_interval_ms: z.int(),
  dashboard: z.record(z.string(), z.unknown()).describe("Grafana's JSON, the classic model"),
});

/** What `PUT /api/dashboards/{id}` takes. */
export const putDashboardSchema = z.strictObject({
  version: z
    .int()
    .nonnegative()
    .nullable()
    .optional()
    .describe('Version that was changed; null or absent creates a dashboard that is not there yet'),
  dashboard: z
    .looseObject({
      title: z.string().trim().min(1).max(300),
      panels: z.array(z.record(z.string(), z.unknown())).max(1000),
    })
    .describe("Grafana's JSON, the classic model"),
});

export const putDashboardResponseSchema = z.object({
  uid: dashboardUidSchema,
  version: z.int(),
  updated_at: z.string(),
});

export const deleteDashboardQuerySchema = z.object({
  version: z.coerce.number().int().nonnegative().optional().describe('Deletes only this version; absent: whichever'),
});

export const deleteDashboardResponseSchema = z.object({ uid: dashboardUidSchema, deleted: z.literal(true) });
