import { stat } from 'node:fs/promises';
import type { DashboardFile, KeptDashboard } from './dashboard-file.js';
import {
  fileOf,
  listDashboardFiles,
  readDashboardFile,
  removeDashboardFile,
  writeDashboardFile,
} from './dashboard-file.js';

/** Most dashboards of users. */
export const MAX_DASHBOARDS = 1000;

/** A dashboard with where it comes from. */
export interface LibraryEntry extends KeptDashboard {
  readonly builtIn: boolean;
}

/** What came of a change. */
export type ChangeOutcome =
  | { readonly kind: 'done'; readonly version: number; readonly updatedAtMs: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'built-in' }
  /** Somebody else changed it meanwhile, or created one of this name; `version` is what it has now. */
  | { readonly kind: 'conflict'; readonly version: number }
  /** A uid differs from another only by case, which some file systems take for the same. */
  | { readonly kind: 'same-name'; readonly uid: string }
  | { readonly kind: 'full' };

/**
 * The dashboards: those that come with the program, and the users' own, each a file of Grafana's JSON in a folder. Files that
 * are put there by hand are dashboards too. Changes are made one after the other, and each names the version it was made of.
 */
export class DashboardLibrary {
  readonly #folder: string;
  readonly #builtIn: ReadonlyMap<string, KeptDashboard>;
  readonly #now: () => number;
  /** By path, as long as time and size of the file stay. */
  readonly #read = new Map<string, { readonly stamp: string; readonly file: DashboardFile }>();
  #changes: Promise<unknown> = Promise.resolve();

  constructor(folder: string, builtIn: readonly KeptDashboard[], now: () => number) {
    this.#folder = folder;
    this.#builtIn = new Map(builtIn.map((kept) => [kept.uid, kept]));
    this.#now = now;
  }

  /** All of them by title, built-in ones first; a file that cannot be read is told apart. */
  async list(): Promise<{
    readonly entries: readonly LibraryEntry[];
    readonly broken: readonly Extract<DashboardFile, { kind: 'broken' }>[];
  }> {
    const files = await this.#files();
    const own = files.flatMap((file) =>
      file.kind === 'dashboard' && !this.#builtIn.has(file.kept.uid) ? [file.kept] : [],
    );
    const byTitle = (a: KeptDashboard, b: KeptDashboard) => a.title.localeCompare(b.title) || (a.uid < b.uid ? -1 : 1);
    return {
      entries: [
        ...[...this.#builtIn.values()].toSorted(byTitle).map((kept) => ({ ...kept, builtIn: true })),
        ...own.toSorted(byTitle).map((kept) => ({ ...kept, builtIn: false })),
      ],
      broken: files.flatMap((file) => (file.kind === 'broken' ? [file] : [])),
    };
  }

  async get(uid: string): Promise<LibraryEntry | undefined> {
    const builtIn = this.#builtIn.get(uid);
    if (builtIn !== undefined) return { ...builtIn, builtIn: true };
    const file = await this.#readFile(fileOf(this.#folder, uid));
    return file?.kind === 'dashboard' ? { ...file.kept, builtIn: false } : undefined;
  }

  /** Saves a dashboard over the version it was made of, or creates it where that is `undefined`. */
  put(uid: string, version: number | undefined, dashboard: object): Promise<ChangeOutcome> {
    return this.#change(async () => {
      if (this.#builtIn.has(uid)) return { kind: 'built-in' };
      const known = await this.get(uid);
      if (known === undefined && version !== undefined) return { kind: 'unknown' };
      if (known !== undefined && known.version !== version) return { kind: 'conflict', version: known.version };
      if (known === undefined) {
        const { entries } = await this.list();
        const same = entries.find((entry) => entry.uid.toLowerCase() === uid.toLowerCase());
        if (same !== undefined) return { kind: 'same-name', uid: same.uid };
        if (entries.length - this.#builtIn.size >= MAX_DASHBOARDS) return { kind: 'full' };
      }
      const next = (known?.version ?? 0) + 1;
      await writeDashboardFile(this.#folder, uid, { ...dashboard, id: null, uid, version: next });
      return { kind: 'done', version: next, updatedAtMs: this.#now() };
    });
  }

  /** Deletes a dashboard, only where it still has the version, if one is named. */
  delete(uid: string, version: number | undefined): Promise<ChangeOutcome> {
    return this.#change(async () => {
      const known = await this.get(uid);
      if (known === undefined) return { kind: 'unknown' };
      if (known.builtIn) return { kind: 'built-in' };
      if (version !== undefined && known.version !== version) return { kind: 'conflict', version: known.version };
      await removeDashboardFile(this.#folder, uid);
      return { kind: 'done', version: known.version, updatedAtMs: this.#now() };
    });
  }

  #change(work: () => Promise<ChangeOutcome>): Promise<ChangeOutcome> {
    const done = this.#changes.then(work);
    this.#changes = done.catch(() => undefined);
    return done;
  }

  async #files(): Promise<readonly DashboardFile[]> {
    const paths = await listDashboardFiles(this.#folder);
    for (const known of this.#read.keys()) if (!paths.includes(known)) this.#read.delete(known);
    const files: DashboardFile[] = [];
    for (const path of paths) {
      const file = await this.#readFile(path);
      if (file !== undefined) files.push(file);
    }
    return files;
  }

  async #readFile(path: string): Promise<DashboardFile | undefined> {
    const facts = await stat(path, { bigint: true }).catch(() => undefined);
    if (facts === undefined) return undefined;
    // Each save is a new file, so that its number tells two of one moment apart.
    const stamp = `${facts.ino}/${facts.mtimeNs}/${facts.size}`;
    const known = this.#read.get(path);
    if (known?.stamp === stamp) return known.file;
    const file = await readDashboardFile(path);
    if (file !== undefined) this.#read.set(path, { stamp, file });
    return file;
  }
}
