import { defineConfig } from 'vitest/config';

const conditions = ['vedetta-source', 'node', 'module'];

/** Long tests, run on demand: `npm run soak`. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['e2e/src/**/*.soak.ts', 'packages/**/*.soak.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
