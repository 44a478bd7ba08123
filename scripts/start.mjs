// npm start: installs what is missing, builds what changed and serves in the foreground until Ctrl-C.
// Arguments after `--` are those of `vedetta start`: npm start -- 9090 --data-dir /var/lib/vedetta
import { requireNode } from './lib/node-version.mjs';

requireNode();
import('./lib/vedetta.mjs').then((vedetta) =>
  vedetta.runVedetta(['start', '--foreground'].concat(process.argv.slice(2))),
);
