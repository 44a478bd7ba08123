import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVisibly } from './run.mjs';

/**
 * @typedef {object} TestCounts
 * @property {number} passed
 * @property {number} failed files that could not be loaded count too: their tests are not known
 * @property {number} skipped
 */

/**
 * Runs vitest on this terminal and counts.
 * @param {string} root
 * @param {readonly string[]} args
 * @returns {Promise<TestCounts>}
 */
export async function runVitest(root, args) {
  const folder = mkdtempSync(join(tmpdir(), 'vedetta-tests-'));
  const report = join(folder, 'report.json');
  try {
    const code = await runVisibly(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...args,
      ],
      { cwd: root },
    );
    const counts = readCounts(report);
    // An error outside of any test fails the run and no test.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Counts the tests of a report of vitest's json reporter; one failure when there is none, since the run broke down.
 * @param {string} file
 * @returns {TestCounts}
 */
export function readCounts(file) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const brokenFiles = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ result) =>
      result.status === 'failed' && result.assertionResults.length === 0,
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
