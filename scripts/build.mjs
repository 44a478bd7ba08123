// npm run build: installs what is missing and builds what changed.
import { requireNode } from './lib/node-version.mjs';

requireNode();
import('./lib/setup.mjs').then((setup) => setup.setUpOrExit());
