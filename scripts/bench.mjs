// npm run bench: builds and measures. Arguments after `--` choose benchmarks.
import { requireNode } from './lib/node-version.mjs';

requireNode();
import('./lib/project-script.mjs').then((script) => script.runProjectFile('bench', 'bench/dist/run.js'));
