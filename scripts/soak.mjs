// npm run soak: the long tests (kill -9 by the dozen). Arguments after `--` choose files.
import { requireNode } from './lib/node-version.mjs';

requireNode();
import('./lib/run-soak.mjs').then((soak) => soak.runSoak(process.argv.slice(2)));
