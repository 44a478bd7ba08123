import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runVisibly } from './run.mjs';
import { ROOT, setUpOrExit } from './setup.mjs';

/**
 * Sets up, then runs a file of a workspace in a process of its own and exits as it does.
 * @param {string} file relative to the checkout
 */
export async function runWorkspaceFile(file) {
  await setUpOrExit();
  if (!existsSync(join(ROOT, file))) {
    console.error(`${file} is not there: nothing to run.`);
    process.exit(1);
  }
  process.exitCode = await runVisibly(process.execPath, [file, ...process.argv.slice(2)], { cwd: ROOT });
}
