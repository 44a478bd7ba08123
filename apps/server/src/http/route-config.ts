import 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Statuses of problem answers beyond those every route may give; for the API's description. */
    readonly problems?: readonly number[];
  }
}
