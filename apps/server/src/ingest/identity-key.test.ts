import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadIdentityKey } from './identity-key.js';

describe('loadIdentityKey', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'vedetta-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes a key once, for its owner only, and finds it again', () => {
    const key = loadIdentityKey(folder);
    expect(key).toHaveLength(32);
    expect(loadIdentityKey(folder)).toEqual(key);
    expect(statSync(path.join(folder, 'identity.key')).mode & 0o777).toBe(0o600);
  });

  it('makes another for another directory', () => {
    const other = mkdtempSync(path.join(tmpdir(), 'vedetta-key-'));
    expect(loadIdentityKey(other)).not.toEqual(loadIdentityKey(folder));
    rmSync(other, { recursive: true });
  });

  it('refuses a file that is no key, and says what follows from removing it', () => {
    writeFileSync(path.join(folder, 'identity.key'), 'short');
    expect(() => loadIdentityKey(folder)).toThrow(/holds 5 bytes.*remove it.*new ones/);
  });
});
