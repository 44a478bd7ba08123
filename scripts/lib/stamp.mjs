import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files that change no build output, so that editing a test rebuilds nothing. */
const NOT_BUILT = /\.(?:test|bench|soak)\.tsx?$|\.tsbuildinfo$/;
const NOT_ENTERED = new Set(['node_modules', 'dist', '.git', 'coverage']);

/**
 * A key over the names, sizes and modification times of files: it changes when one of them is edited, added or removed.
 * Costs a listing, not a read: a few milliseconds for the whole repository.
 * @param {string} root folder that the inputs are relative to
 * @param {readonly string[]} inputs files and folders; absent ones count as empty
 * @returns {string}
 */
export function listingKey(root, inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) addToKey(hash, root, input);
  return hash.digest('hex').slice(0, 32);
}

/**
 * A key over the content of files; absent ones count as empty.
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {string}
 */
export function contentKey(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file}\0`);
    hash.update(readOrEmpty(join(root, file)));
  }
  return hash.digest('hex').slice(0, 32);
}

/**
 * Reads the stamps of earlier runs; empty when there are none or the file is damaged.
 * @param {string} file
 * @returns {Record<string, string>}
 */
export function readStamps(file) {
  try {
    const parsed = JSON.parse(readFileSync(file, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/**
 * Adds one stamp to the file, whole or not at all.
 * @param {string} file
 * @param {string} name
 * @param {string} key
 */
export function writeStamp(file, name, key) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ ...readStamps(file), [name]: key }, null, 2)}\n`);
  renameSync(temporary, file);
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} root
 * @param {string} path
 */
function addToKey(hash, root, path) {
  const full = join(root, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    if (!NOT_BUILT.test(path)) hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
    return;
  }
  for (const entry of readdirSync(full).sort()) {
    if (!NOT_ENTERED.has(entry)) addToKey(hash, root, join(path, entry));
  }
}

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return readFileSync(file);
  } catch {
    return '';
  }
}
