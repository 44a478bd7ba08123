import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SHARED_DATA = fileURLToPath(new URL('../../../../../../shared/data/', import.meta.url));

/** A file of the shared test material; `undefined` where the folder is absent, which CI does not allow. */
export function readShared(path: string): string | undefined {
  const file = `${SHARED_DATA}${path}`;
  if (existsSync(file)) return readFileSync(file, 'utf8');
  if (process.env.CI) throw new Error(`${file} must be there in CI`);
  return undefined;
}
