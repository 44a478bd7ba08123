import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkImports } from './check-imports.mjs';

const WORKSPACES: Readonly<Record<string, object>> = {
  'packages/model': { name: '@vedetta/model' },
  'packages/store': {
    name: '@vedetta/store',
    more: ['./duckdb'],
    dependencies: { '@duckdb/node-api': '1', hono: '4' },
  },
  'packages/query': { name: '@vedetta/query' },
  'packages/client': { name: '@vedetta/client' },
  'packages/sdk': { name: '@vedetta/sdk', devDependencies: { fastify: '5' } },
  'apps/server': { name: '@vedetta/server', dependencies: { fastify: '5' } },
  'apps/cli': { name: 'vedetta' },
};

let root: string;

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vedetta-import-rules-'));
  write('package.json', JSON.stringify({ devDependencies: { vitest: '4' } }));
  const everyone = Object.fromEntries(
    Object.values(WORKSPACES).map((one) => [(one as { name: string }).name, '0.1.0']),
  );
  for (const [folder, { name, more = [], dependencies = {}, devDependencies = {} }] of Object.entries(WORKSPACES) as [
    string,
    { name: string; more?: string[]; dependencies?: object; devDependencies?: object },
  ][]) {
    const exports = Object.fromEntries(['.', ...more].map((key) => [key, './src/index.ts']));
    // All workspaces are declared, so that each case breaks the one rule it is about.
    write(
      `${folder}/package.json`,
      JSON.stringify({ name, exports, dependencies: { ...everyone, ...dependencies }, devDependencies }),
    );
    write(`${folder}/src/index.ts`, 'export {};\n');
  }
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes one file and answers what is wrong in the repository. */
function check(path: string, content: string) {
  write(path, content);
  return checkImports(root).violations;
}

describe('broken rules', () => {
  it.each([
    [
      'an arrow that is not there',
      'packages/model/src/a.ts',
      `import { x } from '@vedetta/store';`,
      'arrow',
      'may import no other workspace',
    ],
    [
      'an arrow by types only',
      'packages/client/src/a.ts',
      `import type { X } from '@vedetta/query';`,
      'arrow',
      'packages/model',
    ],
    ['an arrow by a re-export', 'packages/sdk/src/a.ts', `export * from '@vedetta/client';`, 'arrow', 'packages/model'],
    [
      'an arrow by import()',
      'packages/store/src/a.ts',
      `const m = await import('@vedetta/query');`,
      'arrow',
      'packages/model',
    ],
    [
      'an arrow in a type',
      'packages/store/src/a.ts',
      `export type X = import('@vedetta/query').X;`,
      'arrow',
      'packages/model',
    ],
    [
      'an arrow in a test',
      'packages/model/src/a.test.ts',
      `import { x } from '@vedetta/store';`,
      'arrow',
      'no other workspace',
    ],
    [
      'an app that is imported',
      'packages/query/src/a.ts',
      `import { x } from '@vedetta/server';`,
      'arrow',
      'nobody imports apps',
    ],
    [
      'an export that is not declared',
      'apps/server/src/a.ts',
      `import { x } from '@vedetta/store/dist/x.js';`,
      'entry',
      '@vedetta/store/duckdb',
    ],
    [
      'a concrete store outside of the server',
      'packages/query/src/a.ts',
      `import { x } from '@vedetta/store/duckdb';`,
      'entry',
      'only apps/server',
    ],
    [
      'a path into another workspace',
      'apps/cli/src/a.ts',
      `import { x } from '../../server/src/index.js';`,
      'outside',
      'by its name',
    ],
    [
      'a workspace that imports itself by name',
      'packages/model/src/a.ts',
      `import { x } from '@vedetta/model';`,
      'outside',
      'by its path',
    ],
    [
      'a framework in a package',
      'packages/store/src/a.ts',
      `import { Hono } from 'hono';`,
      'restricted',
      'apps/server',
    ],
    [
      'the engine outside of its folder',
      'packages/store/src/api/a.ts',
      `import { x } from '@duckdb/node-api';`,
      'restricted',
      'packages/store/src/duckdb',
    ],
    [
      'Node in code for browsers',
      'packages/query/src/a.ts',
      `import { join } from 'node:path';`,
      'restricted',
      'browser',
    ],
    [
      'a dependency that is not declared',
      'apps/server/src/a.ts',
      `import _ from 'lodash/fp';`,
      'undeclared',
      '"lodash"',
    ],
    [
      'a test dependency in code',
      'packages/sdk/src/a.ts',
      `import { expect } from 'vitest';`,
      'undeclared',
      '"vitest"',
    ],
    [
      'the environment',
      'packages/store/src/a.ts',
      `export const x = process.env.HOME;`,
      'environment',
      'take the value as an option',
    ],
    ['the environment by name', 'packages/store/src/a.ts', `export const x = process['env'];`, 'environment', 'option'],
    [
      'the environment taken apart',
      'apps/server/src/a.ts',
      `const { env } = process; export { env };`,
      'environment',
      'option',
    ],
    [
      'the environment imported',
      'apps/cli/src/a.ts',
      `import { env } from 'node:process'; export { env };`,
      'environment',
      'option',
    ],
    ['a file that is not there', 'packages/model/src/a.ts', `import { x } from './gone.js';`, 'missing', './gone.js'],
  ])('%s', (_name, path, content, rule, instead) => {
    const violations = check(path, content);
    expect(violations.map((violation) => [violation.file, violation.line, violation.rule])).toEqual([[path, 1, rule]]);
    expect(violations[0]?.message).toContain(instead);
  });

  it('a circle between files, once, with its way', () => {
    write('packages/model/src/b.ts', `import './c.js';`);
    write('packages/model/src/c.ts', `import './a.js';`);
    write('packages/model/src/d.ts', `import './a.js';`);
    const violations = check('packages/model/src/a.ts', `import './b.js';`);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatchObject({ rule: 'cycle' });
    expect(violations[0]?.message).toMatch(/src\/a\.ts -> .*src\/b\.ts -> .*src\/c\.ts -> .*src\/a\.ts/);
  });
});

describe('what is allowed', () => {
  it.each([
    ['arrows as designed', 'apps/cli/src/a.ts', `import '@vedetta/server'; import '@vedetta/client';`],
    ['a concrete store in the server', 'apps/server/src/a.ts', `import '@vedetta/store/duckdb';`],
    [
      'types of a framework in an integration',
      'packages/sdk/src/integrations/a.ts',
      `import type { X } from 'fastify'; export type { X };`,
    ],
    [
      'a framework in a test',
      'packages/sdk/src/a.test.ts',
      `import { fastify } from 'fastify'; import { it } from 'vitest';`,
    ],
    ['the engine in its folder', 'packages/store/src/duckdb/a.ts', `import '@duckdb/node-api';`],
    ['the environment where settings are read', 'apps/server/src/config/a.ts', `export const x = process.env.HOME;`],
    [
      'words in comments and texts',
      'packages/model/src/a.ts',
      `// import 'fastify'; process.env\nexport const x = "import 'fastify'";`,
    ],
    ['a circle of types only', 'packages/model/src/a.ts', `import type { X } from './a.js'; export type Y = X;`],
  ])('%s', (_name, path, content) => {
    expect(check(path, content)).toEqual([]);
  });
});
