import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentKey, listingKey, readStamps, writeStamp } from './stamp.mjs';

let root: string;
const EPOCH = new Date(0);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedetta-stamp-'));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src/a.ts'), 'a');
  utimesSync(join(root, 'src/a.ts'), EPOCH, EPOCH);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('listingKey', () => {
  it.each<[string, () => void]>([
    ['an added file', () => writeFileSync(join(root, 'src/b.ts'), '')],
    ['a removed file', () => rmSync(join(root, 'src/a.ts'))],
    ['another size', () => writeFileSync(join(root, 'src/a.ts'), 'aa')],
    ['another time', () => utimesSync(join(root, 'src/a.ts'), EPOCH, new Date(1000))],
  ])('changes with %s', (_name, change) => {
    const before = listingKey(root, ['src']);
    change();
    expect(listingKey(root, ['src'])).not.toBe(before);
  });

  it('stays the same for tests, build output and nothing at all', () => {
    const before = listingKey(root, ['src']);
    writeFileSync(join(root, 'src/a.test.ts'), 'test');
    mkdirSync(join(root, 'src/dist'));
    writeFileSync(join(root, 'src/dist/a.js'), '');
    expect(listingKey(root, ['src'])).toBe(before);
  });

  it('takes an absent input for an empty one', () => {
    expect(listingKey(root, ['src', 'gone'])).toBe(listingKey(root, ['src']));
  });
});

describe('contentKey', () => {
  it('follows the content, not the time', () => {
    const before = contentKey(root, ['src/a.ts']);
    utimesSync(join(root, 'src/a.ts'), EPOCH, new Date(1000));
    expect(contentKey(root, ['src/a.ts'])).toBe(before);
    writeFileSync(join(root, 'src/a.ts'), 'b');
    expect(contentKey(root, ['src/a.ts'])).not.toBe(before);
  });
});

describe('stamps', () => {
  it('are kept side by side', () => {
    const file = join(root, '.cache/setup.json');
    writeStamp(file, 'install', '1');
    writeStamp(file, 'packages', '2');
    expect(readStamps(file)).toEqual({ install: '1', packages: '2' });
  });

  it.each(['', 'null', '{"install":'])('are empty when the file holds %j', (content) => {
    writeFileSync(join(root, 'stamps.json'), content);
    expect(readStamps(join(root, 'stamps.json'))).toEqual({});
  });
});
