import { limitQuerySchema, modelsSchema } from '@vedetta/client/schemas';
import { toScope } from '../http/scope-query.js';
import type { TypedApp } from '../http/typed-app.js';
import type { ServerContext } from '../server-context.js';

/** `GET /api/models`: the models that requests were made to. */
export async function modelRoutes(app: TypedApp, { store, content, now }: ServerContext): Promise<void> {
  app.get(
    '/api/models',
    {
      schema: {
        tags: ['Statistics'],
        summary: 'Models seen in requests',
        querystring: limitQuerySchema.strict(),
        response: { 200: modelsSchema },
      },
    },
    async ({ query }) => {
      const rows = await store.requests.distribution(toScope(query, now(), content), 'model', query.limit);
      return {
        models: rows
          .filter((row) => row.value !== '')
          .map((row) => ({
            model: row.value,
            // No provider is asked yet: requests tell how a model did, not whether it answers now.
            availability: 'unknown' as const,
            requests: row.count,
            failed: row.failed,
            success_rate: row.successRate ?? null,
            average_response_ms: row.duration.meanMs ?? null,
            p95_response_ms: row.duration.p95Ms ?? null,
            input_tokens: row.inputTokens,
            output_tokens: row.outputTokens,
            total_tokens: row.inputTokens + row.outputTokens,
            cost_usd: row.costUsd ?? null,
          })),
      };
    },
  );
}
