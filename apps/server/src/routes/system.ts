import { healthSchema, statusSchema } from '@vedetta/client/schemas';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import type { TypedApp } from '../http/typed-app.js';
import type { ServerContext } from '../server-context.js';
import { checkHealth } from '../system/health.js';
import { createStatusReader } from '../system/status.js';

/** The monitor itself: status, health, and the probes of process supervisors. */
export async function systemRoutes(app: TypedApp, context: ServerContext): Promise<void> {
  const readStatus = createStatusReader(context);

  app.get(
    '/api/status',
    {
      schema: {
        tags: ['System'],
        summary: 'What the monitor is doing',
        querystring: z.strictObject({}),
        response: { 200: statusSchema },
      },
    },
    () => readStatus(),
  );

  app.get(
    '/api/v1/monitoring/health',
    {
      schema: {
        tags: ['System'],
        summary: 'Health of the monitor and its machine',
        description: 'Always 200; `status` says how it is. Probes of a supervisor use /healthz and /readyz.',
        querystring: z.strictObject({}),
        response: { 200: healthSchema },
      },
    },
    () => checkHealth(context),
  );

  const probeSchema = z.object({ status: z.literal('ok') });
  app.get(
    '/healthz',
    { schema: { tags: ['System'], summary: 'Liveness: the process answers', response: { 200: probeSchema } } },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        tags: ['System'],
        summary: 'Readiness: a real write to the store and a real read',
        response: { 200: probeSchema },
      },
      config: { problems: [503] },
    },
    async () => {
      try {
        await context.store.maintenance.probe();
      } catch (error) {
        context.log.error({ err: error }, 'readiness probe failed');
        throw new ProblemError(503, 'the store does not take a write or answer a read; the log says why', {
          headers: { 'retry-after': '5' },
        });
      }
      return { status: 'ok' as const };
    },
  );
}
