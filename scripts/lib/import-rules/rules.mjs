/**
 * The rules that hold the architecture together. Each says what to do instead.
 *
 * @typedef {object} RestrictedModule
 * @property {RegExp} module which specifiers
 * @property {RegExp} allowedIn paths, relative to the repository, that may import it
 * @property {RegExp} [typesAllowedIn] paths that may import its types
 * @property {string} instead
 */

/**
 * Which workspace may import which: the layout of docs/architecture.md as a table. Folder -> folders.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const ARROWS = {
  'packages/model': [],
  // What each provider's JSON means: read by the wrappers in the user's process and by the gateway.
  'packages/providers': ['packages/model'],
  'packages/prices': ['packages/model'],
  // Counters, gauges and histograms in memory, as text, and how machine and process are: the server's own and the user's process.
  'packages/metrics': [],
  'packages/sdk': ['packages/model', 'packages/providers', 'packages/metrics'],
  'packages/gateway': ['packages/model', 'packages/providers'],
  'packages/receive': ['packages/model'],
  'packages/store': ['packages/model'],
  'packages/query': ['packages/model', 'packages/store'],
  'packages/watch': ['packages/model', 'packages/query'],
  'packages/client': ['packages/model'],
  'apps/server': [
    'packages/model',
    'packages/providers',
    'packages/prices',
    'packages/metrics',
    'packages/gateway',
    'packages/receive',
    'packages/store',
    'packages/query',
    'packages/watch',
    'packages/client',
  ],
  'apps/dashboard': ['packages/model', 'packages/client', 'packages/query'],
  // The SDK is what `vedetta demo` drives traffic through.
  'apps/cli': ['packages/model', 'packages/client', 'packages/prices', 'packages/sdk', 'apps/server'],
  bench: [
    'e2e',
    'packages/model',
    'packages/sdk',
    'packages/providers',
    'packages/prices',
    'packages/gateway',
    'packages/receive',
    'packages/store',
    'packages/query',
    'packages/client',
  ],
  e2e: ['packages/model', 'packages/sdk', 'packages/store', 'packages/query', 'packages/client'],
};

/** Examples show what a user does: they know the published packages only. */
export const EXAMPLE_ARROWS = ['packages/sdk', 'packages/client'];

/**
 * Entry points of a workspace that a given workspace may use, where not all of them are open to it.
 * @type {readonly { from: string, to: string, entries: readonly string[], instead: string }[]}
 */
export const ALLOWED_ENTRIES = [
  {
    from: 'packages/query',
    to: 'packages/store',
    entries: ['@vedetta/store'],
    instead: 'ask through the interfaces that "@vedetta/store" exports; only apps/server names a concrete store',
  },
  {
    from: 'packages/watch',
    to: 'packages/store',
    entries: ['@vedetta/store'],
    instead: 'ask through "@vedetta/query"',
  },
];

/** @type {readonly RestrictedModule[]} */
export const RESTRICTED_MODULES = [
  {
    module: /^(?:fastify|@fastify\/.+|fastify-.+|express|hono|@hono\/.+|koa)(?:\/|$)/,
    allowedIn: /^(?:apps\/server|bench|e2e|examples)\//,
    typesAllowedIn: /^packages\/sdk\/src\/integrations\//,
    instead:
      'keep web frameworks in apps/server; elsewhere take and give plain data, or types only in an SDK integration',
  },
  {
    module: /^@duckdb\//,
    allowedIn: /^packages\/store\/src\/duckdb\//,
    instead: 'use the Store interface of "@vedetta/store"; the engine stays in packages/store/src/duckdb',
  },
  {
    module: /^node:/,
    allowedIn: /^(?!packages\/(?:model|client|query)\/|apps\/dashboard\/src\/)/,
    instead:
      'this code runs in the browser too: use what both have (URL, TextEncoder, crypto.subtle), or move it to the caller',
  },
];

/** Files that may read the environment of the process; the others are given values. */
export const ENVIRONMENT_READERS =
  /^(?:apps\/server\/src\/config\/|apps\/cli\/src\/context\.ts$|packages\/sdk\/src\/environment\.ts$|scripts\/|bench\/|e2e\/|examples\/)/;

/** Files that are not part of what runs at a user's: they may use development dependencies and the environment. */
export const DEVELOPMENT_FILE =
  /\.(?:test|bench|soak)\.tsx?$|\/(?:test|e2e|contract|fixtures|testing)\/|\/(?:vite|vitest|knip|playwright)\.config\.ts$|\/(?:build|generate)\.mjs$/;
