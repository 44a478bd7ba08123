import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSteps } from './build-steps.mjs';
import { installFromLockfile, installKey, isInstalled } from './install.mjs';
import { runQuietly } from './run.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { listingKey, readStamps, writeStamp } from './stamp.mjs';

/** The checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const STAMPS = join(ROOT, '.cache', 'setup.json');
const LOCK = join(ROOT, '.cache', 'setup.lock');

/** A step of the set-up failed; the message says which and shows what it printed. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/**
 * @typedef {object} SetUpOptions
 * @property {(line: string) => void} [say] where progress goes; standard error by default
 * @property {boolean} [installOnly] builds nothing
 */

/**
 * Installs what is missing and builds what changed since the last time. Says one line for each step that it does, and
 * nothing when all is done already, which costs some ten milliseconds.
 * Throws {@link SetupError} when a step fails.
 * @param {SetUpOptions} [options]
 */
export async function setUp(options = {}) {
  const say = options.say ?? ((line) => console.error(line));
  const steps = () => (options.installOnly ? [] : buildSteps(ROOT));
  if (!needsInstall() && steps().every((step) => !needsBuild(step))) return;
  await withSetupLock(LOCK, async () => {
    // Looked at again: another process may have done it while this one waited.
    if (needsInstall()) await install(say);
    for (const step of steps()) {
      if (needsBuild(step)) await build(step, say);
    }
  });
}

/**
 * {@link setUp} for a script: prints the failure and ends the process with 1.
 * @param {SetUpOptions} [options]
 */
export async function setUpOrExit(options) {
  try {
    await setUp(options);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function needsInstall() {
  const key = installKey(ROOT);
  if (readStamps(STAMPS).install === key && existsSync(join(ROOT, 'node_modules', '.package-lock.json'))) return false;
  if (!isInstalled(ROOT)) return true;
  writeStamp(STAMPS, 'install', key);
  return false;
}

/** @param {import('./build-steps.mjs').BuildStep} step */
function needsBuild(step) {
  return isMissingOutput(step) || readStamps(STAMPS)[step.name] !== listingKey(ROOT, step.inputs);
}

/** @param {import('./build-steps.mjs').BuildStep} step */
function isMissingOutput(step) {
  return step.outputs.some((output) => !existsSync(join(ROOT, output)));
}

/** @param {(line: string) => void} say */
async function install(say) {
  const started = Date.now();
  say('Installing dependencies (npm ci; only when they changed)…');
  const { ok, output } = await installFromLockfile(ROOT);
  if (!ok) {
    throw new SetupError(
      `npm ci failed:\n${output.trim()}\n\nIs the npm registry reachable? Once "npm ci" works in ${ROOT}, start again.`,
    );
  }
  writeStamp(STAMPS, 'install', installKey(ROOT));
  say(`Installed in ${seconds(started)}.`);
}

/**
 * @param {import('./build-steps.mjs').BuildStep} step
 * @param {(line: string) => void} say
 */
async function build(step, say) {
  const started = Date.now();
  // Taken before the build: a file edited while it runs is built again the next time.
  const key = listingKey(ROOT, step.inputs);
  const args = step.forceArgs !== undefined && isMissingOutput(step) ? step.forceArgs : step.args;
  const { ok, output } = await runQuietly(step.command, args, { cwd: step.cwd });
  if (!ok) throw new SetupError(`Building the ${step.name} failed:\n${output.trim()}`);
  if (isMissingOutput(step)) {
    throw new SetupError(
      `Building the ${step.name} left out ${step.outputs.filter((path) => !existsSync(join(ROOT, path))).join(', ')}.`,
    );
  }
  writeStamp(STAMPS, step.name, key);
  say(`Built the ${step.name} in ${seconds(started)}.`);
}

/** @param {number} sinceMs */
function seconds(sinceMs) {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}
