// npm test: sets up and runs every check and test. `npm test -- --only unit` runs a part of it.
import { requireNode } from './lib/node-version.mjs';

requireNode();
import('./lib/run-tests.mjs').then((tests) => tests.runTests(process.argv.slice(2)));
