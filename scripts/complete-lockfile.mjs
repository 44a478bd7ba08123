// After a change of dependencies: adds the packages of other platforms that npm could not see to package-lock.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeLockfile } from './lib/lockfile.mjs';
import { ROOT } from './lib/setup.mjs';

const file = join(ROOT, 'package-lock.json');
const lockfile = JSON.parse(readFileSync(file, 'utf8'));
const added = completeLockfile(lockfile);
if (added > 0) writeFileSync(file, `${JSON.stringify(lockfile, null, 2)}\n`);
console.log(added === 0 ? 'The lockfile is complete.' : `Added ${added} packages of other platforms to the lockfile.`);
