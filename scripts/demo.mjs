// npm run demo: the server and realistic traffic through the SDK. Arguments after `--` are those of `vedetta demo`.
import { requireNode } from './lib/node-version.mjs';

requireNode();
import('./lib/demo-arguments.mjs').then(({ demoArguments }) =>
  import('./lib/vedetta.mjs').then((vedetta) => vedetta.runVedetta(demoArguments(process.argv.slice(2)))),
);
