import { defineConfig } from 'vitest/config';

const conditions = ['vedetta-source', 'node', 'module'];

/** Tests of the built program as processes of their own: one file at a time, since each starts servers. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['e2e/src/**/*.test.ts', 'apps/*/e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
