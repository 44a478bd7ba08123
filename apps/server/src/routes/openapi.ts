import type { TypedApp } from '../http/typed-app.js';

/** `GET /api/openapi.json`. */
export async function openApiRoutes(app: TypedApp): Promise<void> {
  app.get(
    '/api/openapi.json',
    { schema: { tags: ['System'], summary: 'This description (OpenAPI 3.1)' } },
    async (_request, reply) => reply.type('application/json').send(JSON.stringify(app.swagger())),
  );
}
