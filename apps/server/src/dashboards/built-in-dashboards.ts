import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KeptDashboard } from './dashboard-file.js';
import { listDashboardFiles, readDashboardFile } from './dashboard-file.js';

/** Beside the built program there is a copy; in the sources there is only the kit's. */
const FOLDERS = [
  new URL('./built-in/', import.meta.url),
  new URL('../../../../kit/grafana/dashboards/', import.meta.url),
];

/**
 * The dashboards that come with the program: the very files that the kit has for Grafana. Throws where one of them cannot be
 * read, or none is there: the build is broken then.
 */
export async function loadBuiltInDashboards(): Promise<readonly KeptDashboard[]> {
  const folder = FOLDERS.map((url) => fileURLToPath(url)).find((candidate) => existsSync(candidate));
  if (folder === undefined) throw new Error('the built-in dashboards are not there; build the program again');
  const kept: KeptDashboard[] = [];
  for (const file of await listDashboardFiles(folder)) {
    const read = await readDashboardFile(file);
    if (read?.kind !== 'dashboard') throw new Error(`${file} is no dashboard: ${read?.reason ?? 'it is gone'}`);
    // Files of the kit have names for people, and tell their uid themselves.
    const { kept: found, ownUid } = read;
    kept.push({ ...found, uid: ownUid, dashboard: { ...found.dashboard, uid: ownUid } });
  }
  return kept;
}
