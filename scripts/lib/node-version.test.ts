import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MINIMUM_NODE, nodeTooOld } from './node-version.mjs';

describe('nodeTooOld', () => {
  it.each([
    ['18.20.4', false],
    ['20.18.9', false],
    ['20.19.0', true],
    ['20.20.2', true],
    ['22.0.0', true],
    ['9.99.99', false],
  ])('%s', (version, isFine) => {
    const problem = nodeTooOld(version);
    expect(problem === undefined).toBe(isFine);
    if (!isFine) expect(problem).toContain(version);
  });

  it('asks for what package.json says', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(`>=${MINIMUM_NODE}`).toBe(`${engines.node}.0`);
  });
});
