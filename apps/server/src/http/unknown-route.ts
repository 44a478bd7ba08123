import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';
import { pathOf } from './request-path.js';

/** Routes of an app as they are registered: what a 405 and the tests of every route need to know. */
export interface KnownRoute {
  readonly method: string;
  /** As written: `/api/requests/:id`. */
  readonly url: string;
}

/** Collects the routes that are registered after this call. */
export function collectRoutes(app: FastifyInstance): readonly KnownRoute[] {
  const routes: KnownRoute[] = [];
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) routes.push({ method, url: route.url });
  });
  return routes;
}

/** The problem of a request that no route takes: 405 where the path exists with other methods, else 404. */
export function unknownRoute(request: FastifyRequest, routes: readonly KnownRoute[]): ProblemError {
  const path = pathOf(request);
  const methods = [...new Set(routes.filter((route) => matches(route.url, path)).map((route) => route.method))].sort();
  if (methods.length > 0 && !methods.includes(request.method)) {
    const allow = methods.join(', ');
    return new ProblemError(405, `${path} does not take ${request.method}; it takes ${allow}`, { headers: { allow } });
  }
  return new ProblemError(404, `there is no ${path}; GET /api/openapi.json lists what there is`);
}

function matches(pattern: string, path: string): boolean {
  const expected = pattern.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return false;
  return expected.every((part, index) => part === actual[index] || (part.startsWith(':') && actual[index] !== ''));
}
