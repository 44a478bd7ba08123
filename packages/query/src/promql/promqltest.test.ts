import { describe, expect, it } from 'vitest';
import { runBlocks } from './testing/run-script.js';
import { readShared } from './testing/shared-data.js';
import { parseJsonScript, parseTextScript } from './testing/test-script.js';

const script = readShared('promql-tests/promqltest.jsonl');

describe.skipIf(script === undefined)('the language tests of Prometheus (skipped: no shared data)', () => {
  const blocks = script === undefined ? [] : parseJsonScript(script);
  const files = [...new Set(blocks.map((block) => block.name.replace(/#.*/, '')))];

  it('are all there', () => {
    expect(blocks.flatMap((block) => block.steps).filter((step) => step.kind === 'eval').length).toBe(1128);
  });

  it.each(files)('%s', async (file) => {
    const outcomes = await runBlocks(blocks.filter((block) => block.name.replace(/#.*/, '') === file));
    const failures = outcomes
      .filter((one) => one.outcome === 'failed')
      .map(({ name, message }) => `${name}: ${message}`);
    expect(failures).toEqual([]);
  });
});

describe('the runner', () => {
  it('reports what is wrong with an answer', async () => {
    const text = `load 1m
  m{a="1"} 1+1x5
eval instant at 2m m
  m{a="1"} 3
eval instant at 2m m
  m{a="1"} 4
eval instant at 2m rate(m)
eval instant at 2m m
  expect fail
eval range from 0 to 2m step 1m m
  m{a="1"} 1 2 3
eval range from 0 to 2m step 1m m
  m{a="1"} 1 2`;
    const outcomes = await runBlocks(parseTextScript(text, 'own'));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'passed',
      'failed',
      'failed',
      'failed',
      'passed',
      'failed',
    ]);
    expect(outcomes[2]?.message).toContain('expected type range vector in call to function "rate", got instant vector');
  });
});
