import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { runVisibly } from './run.mjs';
import { ROOT, SetupError, setUp } from './setup.mjs';
import { runVitest } from './vitest-run.mjs';

/**
 * @typedef {import('./vitest-run.mjs').TestCounts} TestCounts
 *
 * @typedef {object} TestStep
 * @property {string} name
 * @property {'lint' | 'build' | 'unit' | 'e2e' | 'packages'} group what `--only` selects
 * @property {boolean} [needsBuild] left out when the build failed
 * @property {() => Promise<boolean | TestCounts>} run a check answers whether it passed, a test run its counts
 */

/** @type {readonly TestStep[]} In the order they run: quick ones first, and what the others need. */
export const TEST_STEPS = [
  {
    name: 'lint and format',
    group: 'lint',
    run: () => node('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  },
  { name: 'import rules', group: 'lint', run: () => node('scripts/import-rules.mjs') },
  {
    name: 'types of the scripts',
    group: 'lint',
    run: () => node('node_modules/typescript/bin/tsc', '-p', 'scripts/tsconfig.json'),
  },
  { name: 'types and build', group: 'build', run: build },
  {
    name: 'types of benchmarks and end-to-end tests',
    group: 'build',
    run: () => node('node_modules/typescript/bin/tsc', '-b', 'bench', 'e2e'),
  },
  { name: 'types of the dashboard and of tests', group: 'build', run: checkUnbuiltTypes },
  { name: 'unit and contract tests', group: 'unit', run: () => runVitest(ROOT, []) },
  { name: 'end-to-end tests', group: 'e2e', needsBuild: true, run: runEndToEnd },
  { name: 'package checks', group: 'packages', needsBuild: true, run: () => node('scripts/package-checks.mjs') },
];

/** @param {readonly string[]} args */
async function node(...args) {
  return (await runVisibly(process.execPath, args, { cwd: ROOT })) === 0;
}

async function build() {
  try {
    await setUp({ say: (line) => console.log(line) });
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return false;
  }
}

/** What `tsc -b` leaves out: tests, and the dashboard, which vite builds without checking types. */
async function checkUnbuiltTypes() {
  const projects = ['tsconfig.test.json', 'apps/dashboard/tsconfig.json'];
  for (const group of ['packages', 'apps']) {
    for (const name of readdirSync(join(ROOT, group))) {
      const project = `${group}/${name}/tsconfig.test.json`;
      if (existsSync(join(ROOT, project))) projects.push(project);
    }
  }
  let ok = true;
  for (const project of projects) ok = (await node('node_modules/typescript/bin/tsc', '-p', project, '--noEmit')) && ok;
  return ok;
}

/** @returns {Promise<boolean | TestCounts>} */
async function runEndToEnd() {
  const browser = findBrowser();
  if (browser === undefined) {
    if (process.env.CI) {
      console.error('No Chromium is installed, and this is CI: apt-get install chromium, or set CHROMIUM_PATH.');
      return false;
    }
    console.log(
      'No Chromium is installed: the tests of the dashboard are skipped (apt-get install chromium, or CHROMIUM_PATH).',
    );
  }
  return runVitest(ROOT, ['--config', 'vitest.e2e.config.ts']);
}
