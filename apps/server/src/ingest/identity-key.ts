import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FILE = 'identity.key';
const KEY_BYTES = 32;

/**
 * The key under which e-mail addresses given as user ids become pseudonyms, made once for a data directory and kept in it,
 * readable by its owner only. A new key would make new users of old ones. Throws when the directory cannot be written, or
 * when the file holds something else.
 */
export function loadIdentityKey(dataDir: string): Uint8Array {
  const file = path.join(dataDir, FILE);
  try {
    // Fails when the file is there: of two that start at once, one makes the key and both read it.
    writeFileSync(file, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = readFileSync(file);
  if (key.length !== KEY_BYTES) {
    throw new Error(
      `${file} holds ${key.length} bytes, not the ${KEY_BYTES} of a key: put it back from a backup, or remove it; users whose ids are e-mail addresses then count as new ones`,
    );
  }
  return key;
}
