import { defineConfig } from 'vitest/config';

// Packages resolve to their sources in tests, so that a test run needs no build.
const conditions = ['vedetta-source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/**/*.test.ts', 'apps/**/*.test.{ts,tsx}', 'bench/**/*.test.ts', 'scripts/**/*.test.ts'],
    // Folders named e2e hold tests of the built program: vitest.e2e.config.ts.
    exclude: ['**/node_modules/**', '**/dist/**', '**/e2e/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
