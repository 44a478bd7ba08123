import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
  readonly requestBody?: object;
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}
interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

let server: TestServer;
let description: Description;
beforeAll(async () => {
  server = await startTestServer();
  description = (await send(`${server.url}/api/openapi.json`)).json<unknown>() as Description;
});
afterAll(closeTestServers);

test('describes every route of the contract', () => {
  expect(description.openapi).toBe('3.1.0');
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(operations.sort()).toEqual([
    'DELETE /api/dashboards/{id}',
    'DELETE /api/logs/clear',
    'GET /api/active',
    'GET /api/dashboards',
    'GET /api/dashboards/{id}',
    'GET /api/distribution/{by}',
    'GET /api/errors',
    'GET /api/live',
    'GET /api/metrics/summary',
    'GET /api/metrics/system',
    'GET /api/models',
    'GET /api/openapi.json',
    'GET /api/prices',
    'GET /api/requests',
    'GET /api/requests/{id}',
    'GET /api/requests/{id}/timeline',
    'GET /api/stats',
    'GET /api/stats/daily',
    'GET /api/stats/timeline',
    'GET /api/status',
    'GET /api/v1/monitoring/health',
    'GET /healthz',
    'GET /metrics',
    'GET /readyz',
    'POST /api/events/custom',
    'POST /api/prices/recost',
    'POST /api/requests/{id}/scores',
    'POST /api/sql',
    'POST /v1/metrics',
    'POST /v1/traces',
    'PUT /api/dashboards/{id}',
  ]);
});

test('each operation has a summary and a tag, and API operations their problems', () => {
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      expect([path, method, operation.summary !== undefined, operation.tags?.length]).toEqual([path, method, true, 1]);
      if (path === '/v1/traces' || path === '/v1/metrics') continue;
      const problem = operation.responses['400']?.content?.['application/problem+json']?.schema;
      expect([path, problem]).toEqual([path, { $ref: '#/components/schemas/Problem' }]);
      expect([path, '404' in operation.responses]).toEqual([path, path.includes('{id}')]);
    }
  }
});

test('query parameters are described', () => {
  const list = description.paths['/api/requests']?.get;
  expect(list?.parameters?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['from', 'to', 'q', 'cursor', 'limit']),
  );
  expect(list?.parameters?.find(({ name }) => name === 'q')?.description).toContain('Filter language');
  const names = (path: string) => description.paths[path]?.get?.parameters?.map(({ name }) => name).sort();
  expect(names('/api/metrics/system')).toEqual(['from', 'minutes', 'to']);
  expect(names('/api/metrics/summary')).toEqual(['from', 'hours', 'to']);
});

test('every reference leads somewhere', () => {
  const references = JSON.stringify(description).match(/"#\/[^"]+"/g) ?? [];
  expect(references.length).toBeGreaterThan(0);
  for (const reference of new Set(references)) {
    const steps = (JSON.parse(reference) as string).slice(2).split('/');
    let node: unknown = description;
    for (const step of steps) node = Reflect.get(node as object, step);
    expect([reference, typeof node]).toEqual([reference, 'object']);
  }
});
