import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, setUpOrExit } from './setup.mjs';

/**
 * Sets up, then runs the CLI in this process with the given arguments.
 * @param {readonly string[]} args
 */
export async function runVedetta(args) {
  await setUpOrExit();
  const cli = await import(pathToFileURL(join(ROOT, 'apps/cli/dist/main.js')).href);
  await cli.main(args);
}
