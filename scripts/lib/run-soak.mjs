import { ROOT, setUpOrExit } from './setup.mjs';
import { runVitest } from './vitest-run.mjs';

/**
 * Runs the long tests and ends with a line of counts.
 * @param {readonly string[]} files parts of file names; none means all
 */
export async function runSoak(files) {
  await setUpOrExit();
  const { passed, failed } = await runVitest(ROOT, ['--config', 'vitest.soak.config.ts', ...files]);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
