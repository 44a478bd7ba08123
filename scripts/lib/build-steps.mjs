import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} BuildStep
 * @property {string} name what it makes, as shown to a user
 * @property {readonly string[]} inputs files and folders whose change asks for the step
 * @property {readonly string[]} outputs files whose absence asks for it
 * @property {string} cwd
 * @property {string} command
 * @property {readonly string[]} args
 * @property {readonly string[]} [forceArgs] used instead when an output is missing
 */

const SHARED_INPUTS = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json'];

/**
 * What a build consists of, in order. Steps whose files are not there (a package taken out of the checkout) are left out.
 * @param {string} root
 * @returns {BuildStep[]}
 */
export function buildSteps(root) {
  const projects = typescriptProjects(root);
  /** @type {BuildStep[]} */
  const steps = [
    {
      name: 'packages',
      inputs: [
        ...SHARED_INPUTS,
        ...projects.flatMap((path) => [`${path}/src`, `${path}/tsconfig.json`, `${path}/package.json`]),
      ],
      outputs: projects.map((path) => `${path}/dist/index.d.ts`),
      cwd: root,
      command: process.execPath,
      args: ['node_modules/typescript/bin/tsc', '-b'],
      // tsc trusts its own record of what it wrote: without --force, removed output is not written again.
      forceArgs: ['node_modules/typescript/bin/tsc', '-b', '--force'],
    },
  ];
  if (existsSync(join(root, 'kit/grafana/dashboards'))) {
    // The dashboards of the kit are the ones that the server has: one source, copied beside the program.
    steps.push({
      name: 'dashboards',
      inputs: ['kit/grafana/dashboards', 'scripts/copy-dashboards.mjs'],
      outputs: readdirSync(join(root, 'kit/grafana/dashboards')).map(
        (name) => `apps/server/dist/dashboards/built-in/${name}`,
      ),
      cwd: root,
      command: process.execPath,
      args: ['scripts/copy-dashboards.mjs'],
    });
  }
  if (existsSync(join(root, 'packages/sdk/build.mjs'))) {
    steps.push({
      name: 'SDK',
      inputs: ['packages/sdk/src', 'packages/sdk/build.mjs', 'packages/sdk/package.json', 'packages/model/src'],
      outputs: ['packages/sdk/dist/index.js', 'packages/sdk/dist/index.cjs'],
      cwd: join(root, 'packages/sdk'),
      command: process.execPath,
      args: ['build.mjs'],
    });
  }
  if (existsSync(join(root, 'apps/dashboard/index.html'))) {
    steps.push({
      name: 'dashboard',
      inputs: [
        'package-lock.json',
        'apps/dashboard',
        'packages/model/src',
        'packages/client/src',
        'packages/query/src',
      ],
      outputs: ['apps/dashboard/dist/index.html'],
      cwd: join(root, 'apps/dashboard'),
      command: process.execPath,
      args: [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    });
  }
  return steps;
}

/**
 * The projects that `tsc -b` builds, as the root tsconfig lists them.
 * @param {string} root
 * @returns {string[]}
 */
function typescriptProjects(root) {
  const config = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return config.references
    .map((/** @type {{ path: string }} */ reference) => reference.path)
    .filter(
      (/** @type {string} */ path) => existsSync(join(root, path)) && readdirSync(join(root, path)).includes('src'),
    );
}
