import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));

/** Text of a file of the shared data; `undefined` where the data are absent, an error where they are absent in CI. */
export function sharedText(file: string): string | undefined {
  if (!existsSync(FOLDER + file)) {
    if (process.env.CI) throw new Error(`no shared data: ${file}`);
    return undefined;
  }
  const bytes = readFileSync(FOLDER + file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
