// npm run demo: the server and realistic traffic through the SDK. Arguments after `--` are those of `vedetta demo`.
import { requireNode } from './lib/node-version.mjs';

requireNode();
import('./lib/vedetta.mjs').then((vedetta) => vedetta.runVedetta(['demo'].concat(process.argv.slice(2))));
