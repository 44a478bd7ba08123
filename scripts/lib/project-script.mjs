import { runVisibly } from './run.mjs';
import { ROOT, setUpOrExit } from './setup.mjs';

/**
 * Sets up, compiles one more project, then runs a file of it in a process of its own and exits as it does.
 * @param {string} project folder of a TypeScript project that the ordinary build leaves out
 * @param {string} file relative to the checkout
 */
export async function runProjectFile(project, file) {
  await setUpOrExit();
  const compiled = await runVisibly(process.execPath, ['node_modules/typescript/bin/tsc', '-b', project], {
    cwd: ROOT,
  });
  process.exitCode =
    compiled === 0 ? await runVisibly(process.execPath, [file, ...process.argv.slice(2)], { cwd: ROOT }) : compiled;
}
