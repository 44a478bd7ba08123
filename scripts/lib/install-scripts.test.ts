import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

interface LockEntry {
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
}

const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: { readonly [name: string]: boolean } };
const { packages } = JSON.parse(read('package-lock.json')) as { packages: { readonly [path: string]: LockEntry } };

/** The packages that come from a registry, by name. */
const installed = Object.entries(packages).flatMap(([path, entry]) => {
  const at = path.lastIndexOf('node_modules/');
  return at === -1 || entry.link === true ? [] : [{ name: path.slice(at + 'node_modules/'.length), entry }];
});

test('only packages on the list of package.json bring an install script, and it says of each whether it may run', () => {
  const bring = new Set(installed.filter(({ entry }) => entry.hasInstallScript === true).map(({ name }) => name));
  expect([...bring].sort()).toEqual(Object.keys(allowScripts).sort());
  // What only benches compare with brings nothing that runs here.
  expect(Object.keys(allowScripts).filter((name) => allowScripts[name] === true)).toEqual(['esbuild']);
});

test('every package is pinned by its checksum, but for those of other platforms, and none comes from elsewhere', () => {
  const loose = installed.filter(({ entry }) => entry.integrity === undefined && entry.optional !== true);
  expect(loose.map(({ name }) => name)).toEqual([]);
  const elsewhere = installed.filter(({ entry }) => /^(git|file|http:)/.test(entry.resolved ?? ''));
  expect(elsewhere.map(({ name }) => name)).toEqual([]);
});

test('what starts npm starts it as a clean install without the scripts of packages', () => {
  const scripts = readdirSync(join(ROOT, 'scripts'), { recursive: true, encoding: 'utf8' });
  const calls = scripts
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => join('scripts', file))
    .filter((file) => /['"]npm['"]|npm_execpath/.test(read(file)));
  expect(calls.sort()).toEqual(['scripts/lib/install.mjs', 'scripts/lib/packed-sdk.mjs']);
  for (const file of calls) expect(read(file), file).toContain('--ignore-scripts');
  expect(read('scripts/lib/install.mjs')).toMatch(/\['ci', '--ignore-scripts',/);
});
