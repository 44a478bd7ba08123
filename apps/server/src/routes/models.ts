import { limitQuerySchema, modelsSchema } from '@vedetta/client/schemas';
import { toScope } from '../http/scope-query.js';
import type { TypedApp } from '../http/typed-app.js';
import { describeModels } from '../models/describe-models.js';
import type { ServerContext } from '../server-context.js';

/** `GET /api/models`: the models that were called, and those that upstreams serve. */
export async function modelRoutes(app: TypedApp, { store, content, now, modelWatch }: ServerContext): Promise<void> {
  app.get(
    '/api/models',
    {
      schema: {
        tags: ['Statistics'],
        summary: 'Models: which are served and answer, and how their calls went',
        querystring: limitQuerySchema.strict(),
        response: { 200: modelsSchema },
      },
    },
    async ({ query }) => {
      const stats = await store.llmCalls.modelStats(toScope(query, now(), content));
      return describeModels(modelWatch.upstreams(), stats.slice(0, query.limit));
    },
  );
}
