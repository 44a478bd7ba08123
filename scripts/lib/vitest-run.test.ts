import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCounts } from './vitest-run.mjs';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedetta-counts-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('readCounts', () => {
  it('adds files that could not be loaded to the failures', () => {
    const file = join(folder, 'report.json');
    const testResults = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{}] },
      { status: 'passed', assertionResults: [{}] },
    ];
    writeFileSync(
      file,
      JSON.stringify({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults }),
    );
    expect(readCounts(file)).toEqual({ passed: 5, failed: 2, skipped: 3 });
  });

  it('is one failure when the run left no report', () => {
    expect(readCounts(join(folder, 'gone.json'))).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
