import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInstalled } from './install.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedetta-install-'));
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(root, 'node_modules/.bin/vedetta'), '');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function packages(file: string, entries: object): void {
  writeFileSync(join(root, file), JSON.stringify({ packages: entries }));
}

describe('isInstalled', () => {
  const wanted = {
    '': { name: 'workspace' },
    'packages/model': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/@esbuild/win32-x64': { version: '0.28.2', optional: true },
  };

  it.each<[string, object, boolean]>([
    ['the same', { 'node_modules/zod': { version: '4.6.7' } }, true],
    [
      'more than is asked for',
      { 'node_modules/zod': { version: '4.6.7' }, 'node_modules/x': { version: '1.0.0' } },
      true,
    ],
    ['another version', { 'node_modules/zod': { version: '4.6.6' } }, false],
    ['nothing', {}, false],
  ])('%s is installed', (_name, present, expected) => {
    packages('package-lock.json', wanted);
    packages('node_modules/.package-lock.json', present);
    expect(isInstalled(root)).toBe(expected);
  });

  it('is false without a list of what is installed', () => {
    packages('package-lock.json', wanted);
    expect(isInstalled(root)).toBe(false);
  });

  it('is false when the program is not linked', () => {
    packages('package-lock.json', wanted);
    packages('node_modules/.package-lock.json', { 'node_modules/zod': { version: '4.6.7' } });
    rmSync(join(root, 'node_modules/.bin/vedetta'));
    expect(isInstalled(root)).toBe(false);
  });
});
