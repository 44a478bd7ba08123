import { priceListSchema, priceQuerySchema, recostRequestSchema, recostResponseSchema } from '@vedetta/client/schemas';
import { DAY_MS } from '../http/time-query.js';
import type { TypedApp } from '../http/typed-app.js';
import type { ServerContext } from '../server-context.js';

/** Most entries that one answer holds. */
const MAX_ENTRIES = 200;
const UNPRICED_DAYS = 30;
const MAX_UNPRICED = 100;

/** The price list, and history priced anew. */
export async function priceRoutes(app: TypedApp, { store, pricing, log, now }: ServerContext): Promise<void> {
  app.get(
    '/api/prices',
    {
      schema: {
        tags: ['Prices'],
        summary: 'The price list: its age, what it says of a model, and which models it lacks',
        querystring: priceQuerySchema.strict(),
        response: { 200: priceListSchema },
      },
    },
    async ({ query }) => {
      const { index, overrides } = pricing.source.current();
      const range = { fromUnixMs: now() - UNPRICED_DAYS * DAY_MS, toUnixMs: now() + 1 };
      const stats = await store.llmCalls.modelStats({ range, filter: { kind: 'all' } });
      const asked = (query.model ?? '').trim().toLowerCase();
      const slash = asked.indexOf('/');
      const match =
        asked === ''
          ? undefined
          : ((slash > 0 ? index.find(asked.slice(0, slash), asked.slice(slash + 1)) : undefined) ??
            index.find('', asked));
      const keys = asked === '' ? [] : index.keys.filter((key) => key.includes(asked)).slice(0, MAX_ENTRIES);
      if (match !== undefined && !keys.includes(match.key)) keys.unshift(match.key);
      return {
        ...pricing.status(),
        overrides,
        fault: pricing.source.fault,
        matched: match?.key ?? null,
        entries: keys.map((key) => ({ key, prices: [...(index.entries(key) ?? [])] })),
        unpriced: stats
          .filter((row) => row.unpricedCalls > 0)
          .slice(0, MAX_UNPRICED)
          .map(({ provider, model, unpricedCalls }) => ({ provider, model, calls: unpricedCalls })),
      };
    },
  );

  app.post(
    '/api/prices/recost',
    {
      schema: {
        tags: ['Prices'],
        summary: 'Price stored LLM calls anew by the prices of their days',
        body: recostRequestSchema,
        response: { 200: recostResponseSchema },
      },
    },
    async ({ body }) => {
      const fromUnixMs = body.since === undefined ? 0 : Date.parse(body.since);
      const counts = await store.maintenance.recost({ fromUnixMs, toUnixMs: now() + DAY_MS }, pricing.pricer.priceRows);
      log.info({ since: body.since, ...counts }, 'history was priced anew');
      return { ...counts };
    },
  );
}
