import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { completeLockfile, missingPlatformPackages, platformEntry } from './lockfile.mjs';

const OWN = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));

describe('the lockfile of this repository', () => {
  it('holds the packages of every platform (node scripts/complete-lockfile.mjs)', () => {
    expect(missingPlatformPackages(OWN.packages)).toEqual([]);
  });

  it('says nothing of where packages were fetched from', () => {
    const hosts = Object.values(OWN.packages as Record<string, { resolved?: string }>).filter((entry) =>
      entry.resolved?.startsWith('http'),
    );
    expect(hosts).toEqual([]);
  });
});

describe('platformEntry', () => {
  it.each([
    ['@biomejs/cli-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@biomejs/cli-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
    ['@tailwindcss/oxide-linux-arm64-gnu', { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] }],
    ['@tailwindcss/oxide-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'] }],
    ['@tailwindcss/oxide-wasm32-wasi', { cpu: ['wasm32'] }],
    ['@duckdb/node-bindings-win32-x64', { os: ['win32'], cpu: ['x64'] }],
  ])('%s', (name, expected) => {
    expect(platformEntry(`node_modules/${name}`, '1.0.0', false)).toEqual({
      version: '1.0.0',
      optional: true,
      ...expected,
    });
  });
});

describe('completeLockfile', () => {
  it('adds what is missing once, and keeps what is nested', () => {
    const lockfile = {
      packages: {
        'node_modules/a': {
          version: '1.0.0',
          dev: true,
          optionalDependencies: { '@a/linux-x64': '1.0.0', '@a/win32-x64': '1.0.0' },
        },
        'node_modules/a/node_modules/@a/linux-x64': { version: '1.0.0', optional: true },
      },
    };
    expect(completeLockfile(lockfile)).toBe(1);
    expect(lockfile.packages).toHaveProperty(['node_modules/@a/win32-x64'], {
      version: '1.0.0',
      dev: true,
      optional: true,
      os: ['win32'],
      cpu: ['x64'],
    });
    expect(completeLockfile(lockfile)).toBe(0);
  });
});
