import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runQuietly } from './run.mjs';
import { contentKey } from './stamp.mjs';

/**
 * A key over everything that says what must be installed: the lockfile and every workspace's package.json.
 * @param {string} root
 */
export function installKey(root) {
  const manifests = ['package.json', 'package-lock.json', 'bench/package.json', 'e2e/package.json'];
  for (const folder of ['packages', 'apps', 'examples']) {
    for (const name of listFolders(join(root, folder))) manifests.push(`${folder}/${name}/package.json`);
  }
  return contentKey(root, manifests);
}

/**
 * True when `node_modules` holds what the lockfile asks for, whoever installed it: npm leaves a list of what it put there.
 * @param {string} root
 */
export function isInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    const have = present[path];
    if (have === undefined) {
      if (entry.optional || entry.devOptional || entry.peer) continue;
      return false;
    }
    if (entry.version !== undefined && have.version !== entry.version) return false;
  }
  return existsSync(join(root, 'node_modules', '.bin', 'vedetta'));
}

/**
 * Installs exactly what the lockfile says.
 * @param {string} root
 */
export function installFromLockfile(root) {
  // Build tools are development dependencies: a NODE_ENV of production must not leave them out.
  // No package needs its install script, so none runs: what one brings some day could be anything.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  if (npm !== undefined && basename(npm) === 'npm-cli.js')
    return runQuietly(process.execPath, [npm, ...args], { cwd: root });
  return runQuietly('npm', args, { cwd: root });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @param {string} folder */
function listFolders(folder) {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
