// npm run promqltest -- FILE...: builds the query package and runs language tests of PromQL (.test or .jsonl).
import { requireNode } from './lib/node-version.mjs';

requireNode();
import('./lib/project-script.mjs').then((script) =>
  script.runProjectFile('packages/query', 'packages/query/dist/promql/testing/promqltest.js'),
);
