import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// From `src/testing` and from `dist/testing` alike: four levels up is the repository.
const SHARED_DATA = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));

/**
 * Where the shared test material is, or `undefined` where it is absent: the test then skips. In CI its absence is an error,
 * so that a run without it cannot pass unseen.
 */
export function sharedDataFolder(name: string): string | undefined {
  const folder = `${SHARED_DATA}${name}/`;
  if (existsSync(folder)) return folder;
  if (process.env.CI !== undefined && process.env.CI !== '') throw new Error(`shared data is missing in CI: ${folder}`);
  return undefined;
}

/** A JSON file as it is. */
export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Names of a folder's files with an ending, sorted. */
export function filesEndingWith(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort();
}
