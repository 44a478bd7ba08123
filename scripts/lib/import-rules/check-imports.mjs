import { existsSync, readdirSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { findCycles } from './cycles.mjs';
import {
  ALLOWED_ENTRIES,
  ARROWS,
  DEVELOPMENT_FILE,
  ENVIRONMENT_READERS,
  EXAMPLE_ARROWS,
  RESTRICTED_MODULES,
} from './rules.mjs';
import { readSourceFile } from './source-file.mjs';
import { readRootDevDependencies, readWorkspaces } from './workspaces.mjs';

/**
 * @typedef {import('./workspaces.mjs').Workspace} Workspace
 * @typedef {import('./source-file.mjs').FoundImport} FoundImport
 *
 * @typedef {object} Violation
 * @property {string} file relative to the repository
 * @property {number} line
 * @property {'arrow' | 'entry' | 'outside' | 'restricted' | 'undeclared' | 'environment' | 'cycle' | 'missing'} rule
 * @property {string} message what is wrong, and what to do instead
 */

const SOURCE = /\.(?:ts|tsx|mts|mjs)$/;
const NOT_ENTERED = new Set(['node_modules', 'dist', 'coverage', 'public', 'generated']);

/**
 * Checks every source file of every workspace against the rules of `rules.mjs`.
 * @param {string} root the repository
 * @returns {{ files: number, violations: Violation[] }}
 */
export function checkImports(root) {
  const workspaces = readWorkspaces(root);
  const rootDevDependencies = readRootDevDependencies(root);
  /** @type {Violation[]} */
  const violations = [];
  /** @type {Map<string, string[]>} */
  const graph = new Map();
  for (const workspace of workspaces) {
    for (const file of listSources(root, workspace.folder)) {
      const source = readSourceFile(join(root, file));
      graph.set(file, []);
      /** @type {(line: number, rule: Violation['rule'], message: string) => void} */
      const report = (line, rule, message) => violations.push({ file, line, rule, message });
      for (const found of source.imports) {
        if (found.specifier.startsWith('.')) {
          const target = checkRelative(root, workspace, file, found, report);
          if (target !== undefined && !found.typeOnly) graph.get(file)?.push(target);
        } else {
          checkPackage(workspaces, workspace, rootDevDependencies, file, found, report);
        }
      }
      if (ENVIRONMENT_READERS.test(file) || DEVELOPMENT_FILE.test(file)) continue;
      for (const line of source.environmentLines) {
        report(
          line,
          'environment',
          "reads process.env: take the value as an option; the configuration of apps/server, the CLI's context.ts and the SDK's environment.ts read the environment",
        );
      }
    }
  }
  for (const cycle of findCycles(graph)) {
    violations.push({
      file: cycle[0] ?? '',
      line: 1,
      rule: 'cycle',
      message: `imports itself in a circle: ${cycle.join(' -> ')}; move what both need into a file of its own`,
    });
  }
  return { files: graph.size, violations };
}

/**
 * @param {string} root
 * @param {Workspace} workspace
 * @param {string} file
 * @param {FoundImport} found
 * @param {(line: number, rule: Violation['rule'], message: string) => void} report
 * @returns {string | undefined} the file that is meant
 */
function checkRelative(root, workspace, file, found, report) {
  const wanted = resolve(root, dirname(file), found.specifier.replace(/\?.*$/, ''));
  const inside = relative(join(root, workspace.folder), wanted);
  if (inside.startsWith(`..${sep}`) || inside === '..') {
    report(
      found.line,
      'outside',
      `"${found.specifier}" leaves ${workspace.folder}: import the other workspace by its name`,
    );
    return undefined;
  }
  const target = [
    wanted,
    wanted.replace(/\.js$/, '.ts'),
    wanted.replace(/\.jsx?$/, '.tsx'),
    wanted.replace(/\.mjs$/, '.mts'),
  ].find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
  if (target === undefined) {
    // Build output is not there before the build; everything else must be.
    if (!/\/dist\//.test(wanted))
      report(found.line, 'missing', `"${found.specifier}" is no file: in-package imports name the file, with .js`);
    return undefined;
  }
  return SOURCE.test(target) ? toPosix(relative(root, target)) : undefined;
}

/**
 * @param {readonly Workspace[]} workspaces
 * @param {Workspace} from
 * @param {ReadonlySet<string>} rootDevDependencies
 * @param {string} file
 * @param {FoundImport} found
 * @param {(line: number, rule: Violation['rule'], message: string) => void} report
 */
function checkPackage(workspaces, from, rootDevDependencies, file, found, report) {
  const { specifier, line, typeOnly } = found;
  const isDevelopment = DEVELOPMENT_FILE.test(file);
  for (const rule of RESTRICTED_MODULES) {
    if (!rule.module.test(specifier) || rule.allowedIn.test(file) || isDevelopment) continue;
    if (typeOnly && rule.typesAllowedIn?.test(file)) continue;
    report(line, 'restricted', `"${specifier}" is not for this folder: ${rule.instead}`);
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return;
  const name = packageName(specifier);
  const target = workspaces.find((workspace) => workspace.name === name);
  if (target !== undefined && target !== from) checkWorkspaceImport(from, target, specifier, line, report);
  if (target === from) {
    report(line, 'outside', `"${specifier}" is this workspace itself: import the file by its path`);
    return;
  }
  const declared =
    from.dependencies.has(name) || (from.devDependencies.has(name) && (isDevelopment || typeOnly || !isShipped(from)));
  const isFromRoot = rootDevDependencies.has(name) && (isDevelopment || typeOnly || !isShipped(from));
  if (!declared && !isFromRoot && !isBundled(from, name)) {
    report(
      line,
      'undeclared',
      `"${name}" is not among the dependencies of ${from.folder}/package.json: add it with npm i -w ${from.folder}`,
    );
  }
}

/**
 * @param {Workspace} from
 * @param {Workspace} target
 * @param {string} specifier
 * @param {number} line
 * @param {(line: number, rule: Violation['rule'], message: string) => void} report
 */
function checkWorkspaceImport(from, target, specifier, line, report) {
  const arrows = from.folder.startsWith('examples/') ? EXAMPLE_ARROWS : (ARROWS[from.folder] ?? []);
  if (!arrows.includes(target.folder)) {
    const instead = target.folder.startsWith('apps/')
      ? 'nobody imports apps; move what is needed into a package'
      : `it may import ${arrows.length === 0 ? 'no other workspace' : arrows.join(', ')}; move the code, or take what it needs as an argument`;
    report(line, 'arrow', `${from.folder} must not import ${target.folder}: ${instead}`);
    return;
  }
  if (!target.entries.has(specifier)) {
    report(
      line,
      'entry',
      `"${specifier}" is no declared export of ${target.folder}; it exports ${[...target.entries].join(', ')}`,
    );
    return;
  }
  const limited = ALLOWED_ENTRIES.find((rule) => rule.from === from.folder && rule.to === target.folder);
  if (limited !== undefined && !limited.entries.includes(specifier)) {
    report(line, 'entry', `"${specifier}" is not for ${from.folder}: ${limited.instead}`);
  }
}

/** Private packages that the SDK carries in it. */
const BUNDLED = new Set(['@vedetta/metrics', '@vedetta/model', '@vedetta/providers']);

/**
 * The SDK has no dependencies: what it uses of the model, the providers and the metrics is bundled into it.
 * @param {Workspace} from
 * @param {string} name
 */
function isBundled(from, name) {
  return from.folder === 'packages/sdk' && BUNDLED.has(name);
}

/** @param {Workspace} workspace */
function isShipped(workspace) {
  return /^(?:packages|apps)\//.test(workspace.folder) && workspace.folder !== 'apps/dashboard';
}

/** @param {string} specifier */
function packageName(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function listSources(root, folder) {
  /** @type {string[]} */
  const files = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !NOT_ENTERED.has(entry.name)) files.push(...listSources(root, path));
    else if (entry.isFile() && SOURCE.test(entry.name) && existsSync(join(root, path))) files.push(path);
  }
  return files;
}

/** @param {string} path */
function toPosix(path) {
  return path.split(sep).join('/');
}
