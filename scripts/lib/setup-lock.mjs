import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How often a waiting process looks whether the set-up of another one is done. */
const POLL_MS = 100;

/**
 * Runs `work` while no other process of this checkout does: several commands started at once set up once.
 * A lock whose owner is dead is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  for (let waited = 0; !tryLock(file); waited += POLL_MS) {
    if (waited === 2000) console.error('Waiting for the set-up that another process runs…');
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (ownerIsDead(file)) rmSync(file, { force: true });
    return false;
  }
}

/** @param {string} file */
function ownerIsDead(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // An empty file is one whose owner is about to write its number.
    if (!Number.isInteger(pid) || pid <= 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}
