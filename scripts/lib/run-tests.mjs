import { setUpOrExit } from './setup.mjs';
import { TEST_STEPS } from './test-steps.mjs';

/**
 * Runs the steps and ends with a line of counts. A failed check (lint, build) counts as one failure; one that passes counts
 * as nothing, so that the numbers are those of the tests.
 * @param {readonly string[]} args of the command line
 */
export async function runTests(args) {
  const group = readGroup(args);
  await setUpOrExit({ installOnly: true });
  const totals = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const broken = [];
  let built = true;
  for (const step of TEST_STEPS) {
    if (group !== undefined && step.group !== group && !(step.group === 'build' && group !== 'lint')) continue;
    const started = Date.now();
    console.log(`\n== ${step.name}`);
    if (step.needsBuild && !built) {
      console.log(`== ${step.name}: not run, the build failed`);
      continue;
    }
    const result = await step.run();
    const counts = typeof result === 'boolean' ? { passed: 0, failed: result ? 0 : 1, skipped: 0 } : result;
    totals.passed += counts.passed;
    totals.failed += counts.failed;
    totals.skipped += counts.skipped;
    if (counts.failed > 0) broken.push(step.name);
    if (step.name === 'types and build') built = counts.failed === 0;
    console.log(
      `== ${step.name}: ${counts.failed > 0 ? 'FAILED' : 'ok'} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
    );
  }
  console.log('');
  if (broken.length > 0) console.log(`Failed: ${broken.join(', ')}`);
  const skipped = totals.skipped === 0 ? '' : `, ${totals.skipped} skipped`;
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

/** @param {readonly string[]} args */
function readGroup(args) {
  if (args.length === 0) return undefined;
  const groups = [...new Set(TEST_STEPS.map((step) => step.group))];
  const [flag, value] = args.join('=').split('=');
  const group = groups.find((known) => known === value);
  if (flag === '--only' && group !== undefined) return group;
  console.error(`Usage: npm test -- --only ${groups.join('|')}`);
  process.exit(2);
}
