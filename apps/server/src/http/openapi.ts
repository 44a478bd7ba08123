import swagger from '@fastify/swagger';
import { problemSchema } from '@vedetta/client/schemas';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { VERSION } from '../version.js';
import { titleOf } from './problem.js';

/** Problems that every route may answer with. */
const COMMON_PROBLEMS = [400, 401, 403, 429, 500];

/** Makes the app describe its routes; the description is built when it is asked for the first time. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vedetta',
        version: VERSION,
        description:
          'Requests of LLM applications, their phases, tokens and errors. Times are ISO 8601 in UTC, durations are milliseconds, money is USD; an absent figure is null, never 0. Errors are RFC 9457 problem details.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        schemas: { Problem: z.toJSONSchema(problemSchema) as object },
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          key: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          password: { type: 'http', scheme: 'basic' },
        },
      },
      security: [{}, { bearer: [] }, { key: [] }, { password: [] }],
    },
    transform: (input) => {
      const result = jsonSchemaTransform(input);
      const schema = result.schema as { hide?: boolean; response?: Record<string, unknown> };
      if (schema.hide === true || input.url.startsWith('/v1/')) return result;
      const statuses = [...COMMON_PROBLEMS, ...(input.route.config?.problems ?? [])];
      const problems = statuses.map((status) => [status, problemResponse(status)]);
      return { ...result, schema: { ...schema, response: { ...schema.response, ...Object.fromEntries(problems) } } };
    },
  });
}

function problemResponse(status: number): object {
  return {
    description: titleOf(status),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
