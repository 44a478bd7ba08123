import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Looks for what each package.json under packages/ and apps/ promises: exported files, their types, programs that can be
 * run, a licence, and that all of it is among the published files. Answers a sentence for each fault.
 * @param {string} root
 * @returns {string[]}
 */
export function checkPackages(root) {
  /** @type {string[]} */
  const faults = [];
  for (const group of ['packages', 'apps']) {
    for (const name of existsSync(join(root, group)) ? readdirSync(join(root, group)) : []) {
      const folder = `${group}/${name}`;
      if (existsSync(join(root, folder, 'package.json'))) faults.push(...checkPackage(root, folder));
    }
  }
  return faults;
}

/**
 * @param {string} root
 * @param {string} folder
 */
function checkPackage(root, folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  /** @type {string[]} */
  const faults = [];
  /** @param {string} text */
  const fault = (text) => faults.push(`${folder}/package.json: ${text}`);
  if (manifest.license !== 'Apache-2.0') fault('the licence is not Apache-2.0');
  for (const [name, version] of Object.entries(manifest.dependencies ?? {})) {
    if (!/^\d+\.\d+\.\d+/.test(version)) fault(`the dependency ${name} is not pinned (${version})`);
  }
  for (const { condition, path } of exportedFiles(manifest.exports)) {
    // The sources are for this repository's own tests; they are not published.
    if (condition === 'vedetta-source') continue;
    if (!existsSync(join(root, folder, path))) fault(`exports ${path}, which the build does not make`);
    else if (!isPublished(manifest.files, path)) fault(`exports ${path}, which "files" leaves out`);
  }
  for (const path of Object.values(manifest.bin ?? {})) {
    if (!isPublished(manifest.files, path)) fault(`the program ${path} is not among "files"`);
    try {
      accessSync(join(root, folder, path), constants.X_OK);
    } catch {
      fault(`the program ${path} cannot be run: it is missing or has no execute permission`);
    }
  }
  return faults;
}

/**
 * @param {unknown} exports
 * @param {string} condition
 * @returns {{ condition: string, path: string }[]}
 */
function exportedFiles(exports, condition = 'default') {
  if (typeof exports === 'string') return [{ condition, path: exports }];
  if (typeof exports !== 'object' || exports === null) return [];
  return Object.entries(exports).flatMap(([key, value]) => exportedFiles(value, key.startsWith('.') ? condition : key));
}

/**
 * @param {readonly string[]} files
 * @param {string} path
 */
function isPublished(files, path) {
  const plain = path.replace(/^\.\//, '');
  return plain === 'package.json' || (files ?? []).some((entry) => plain === entry || plain.startsWith(`${entry}/`));
}
