import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Workspace
 * @property {string} folder relative to the repository: `packages/model`
 * @property {string} name as others import it
 * @property {ReadonlySet<string>} entries specifiers that it exports
 * @property {ReadonlySet<string>} dependencies what a user gets with it: dependencies, peers, optional ones
 * @property {ReadonlySet<string>} devDependencies
 */

/**
 * All workspaces of the repository.
 * @param {string} root
 * @returns {Workspace[]}
 */
export function readWorkspaces(root) {
  const folders = ['bench', 'e2e'];
  for (const group of ['packages', 'apps', 'examples']) {
    if (!existsSync(join(root, group))) continue;
    for (const name of readdirSync(join(root, group))) folders.push(`${group}/${name}`);
  }
  return folders
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      return {
        folder,
        name: manifest.name,
        entries: new Set(entryNames(manifest)),
        dependencies: keysOf(manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies),
        devDependencies: keysOf(manifest.devDependencies),
      };
    });
}

/**
 * Development dependencies of the whole repository, which every test may use.
 * @param {string} root
 */
export function readRootDevDependencies(root) {
  return keysOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies);
}

/** @param {{ name: string, exports?: unknown }} manifest */
function entryNames(manifest) {
  const { exports } = manifest;
  if (typeof exports !== 'object' || exports === null) return exports === undefined ? [] : [manifest.name];
  return Object.keys(exports).map((key) => (key === '.' ? manifest.name : manifest.name + key.slice(1)));
}

/** @param {readonly (object | undefined)[]} groups */
function keysOf(...groups) {
  return new Set(groups.flatMap((group) => Object.keys(group ?? {})));
}
