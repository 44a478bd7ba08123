import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** As much as the body of a request may have. */
export const MAX_DASHBOARD_BYTES = 1024 * 1024;
const UID = /^[A-Za-z0-9_-]{1,40}$/;
const EXTENSION = '.json';

/** A dashboard as it is kept: Grafana's JSON, with what lists show taken out. */
export interface KeptDashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Panels, those of collapsed rows too; rows themselves are none. */
  readonly panels: number;
  readonly version: number;
  readonly updatedAtMs: number;
  readonly dashboard: Readonly<Record<string, unknown>>;
}

/** A file that holds a dashboard, or why it does not. */
export type DashboardFile =
  /** `ownUid` is the uid inside of the file, which need not be its name. */
  | { readonly kind: 'dashboard'; readonly kept: KeptDashboard; readonly ownUid: string }
  | { readonly kind: 'broken'; readonly file: string; readonly reason: string };

/** Reads one file; its name without `.json` is the uid. `undefined` where there is none. */
export async function readDashboardFile(file: string): Promise<DashboardFile | undefined> {
  const name = path.basename(file);
  const uid = path.basename(name, EXTENSION);
  const broken = (reason: string): DashboardFile => ({ kind: 'broken', file: name, reason });
  if (!UID.test(uid)) return broken('its name must be a uid: 1 to 40 letters, digits, hyphens and underscores');
  try {
    const { size, mtimeMs } = await stat(file);
    // The version that is written into it may make it a little longer than what was sent.
    if (size > MAX_DASHBOARD_BYTES + 1024) return broken(`it has ${size} bytes; a dashboard has at most 1 MiB`);
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return broken('it holds no JSON object');
    const dashboard = value as Readonly<Record<string, unknown>>;
    if (typeof dashboard.title !== 'string' || !Array.isArray(dashboard.panels)) {
      return broken('it holds no dashboard: "title" and "panels" are missing');
    }
    const ownUid = typeof dashboard.uid === 'string' ? dashboard.uid : uid;
    return { kind: 'dashboard', kept: describe(uid, dashboard, mtimeMs), ownUid };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return broken(error instanceof SyntaxError ? 'it holds no valid JSON' : 'it cannot be read');
  }
}

/** Paths of the files of dashboards in a folder, by name; none where there is no folder. */
export async function listDashboardFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(EXTENSION) && !entry.name.startsWith('.'))
      .map(({ name }) => path.join(folder, name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Writes a dashboard in one step: whoever reads sees the old one or the new one. Resolves when it would survive a power cut. */
export async function writeDashboardFile(folder: string, uid: string, dashboard: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = path.join(folder, `.${uid}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(dashboard, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, fileOf(folder, uid));
    await syncFolder(folder);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

export async function removeDashboardFile(folder: string, uid: string): Promise<void> {
  await rm(fileOf(folder, uid), { force: true });
  await syncFolder(folder);
}

export function fileOf(folder: string, uid: string): string {
  return path.join(folder, uid + EXTENSION);
}

async function syncFolder(folder: string): Promise<void> {
  // Where a folder cannot be opened (Windows), the rename is as durable as it gets.
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function describe(uid: string, dashboard: Readonly<Record<string, unknown>>, updatedAtMs: number): KeptDashboard {
  const { title, description, tags, version, panels } = dashboard;
  return {
    uid,
    title: String(title).slice(0, 300),
    description: typeof description === 'string' ? description.slice(0, 2000) : '',
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string').slice(0, 50) : [],
    panels: countPanels(panels as readonly unknown[]),
    version: typeof version === 'number' && Number.isSafeInteger(version) && version >= 0 ? version : 0,
    updatedAtMs,
    dashboard: { ...dashboard, uid },
  };
}

function countPanels(panels: readonly unknown[]): number {
  return panels.reduce<number>((sum, panel) => {
    const { type, panels: inner } = (panel ?? {}) as { readonly type?: unknown; readonly panels?: unknown };
    if (type !== 'row') return sum + 1;
    return sum + (Array.isArray(inner) ? inner.length : 0);
  }, 0);
}
