import type { Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { readTargetGroup } from '../config/read-target-groups.js';
import { readYaml } from '../config/read-yaml.js';
import type { FileDiscovery, TargetGroup } from '../config/scrape-config.js';
import type { ConfigReport } from '../config/section-reader.js';
import { SectionReader } from '../config/section-reader.js';

/** Files are looked at this often, and read when their time or size changed: that works on every file system. */
const LOOK_MS = 5000;

/** What file discovery tells. */
export interface FileTargetEvents {
  /** Called when the groups changed. */
  readonly onChange: () => void;
  /** A file that cannot be read: what was known of it goes on. Once for each state of the file. */
  readonly onError: (file: string, reason: string) => void;
}

interface KnownFile {
  readonly version: string;
  readonly groups: readonly TargetGroup[];
}

/**
 * Targets listed in files, as JSON or YAML: a list of groups with `targets` and `labels`. A file that goes takes its targets
 * along; one that is broken keeps those it had. Each target gets `__meta_filepath`.
 */
export class FileTargets {
  readonly #patterns: readonly string[];
  readonly #lookMs: number;
  readonly #events: FileTargetEvents;
  readonly #files = new Map<string, KnownFile>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(discovery: FileDiscovery, events: FileTargetEvents) {
    this.#patterns = discovery.patterns;
    this.#lookMs = Math.min(LOOK_MS, discovery.refreshMs);
    this.#events = events;
  }

  get groups(): readonly TargetGroup[] {
    return [...this.#files.keys()].sort().flatMap((file) => this.#files.get(file)?.groups ?? []);
  }

  /** Reads all files, then looks for changes until it is stopped. */
  async start(): Promise<void> {
    await this.look();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.start(), this.#lookMs).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Reads what changed since the last look. */
  async look(): Promise<void> {
    let changed = false;
    const present = new Set<string>();
    for (const pattern of this.#patterns) {
      for (const file of await filesOf(pattern)) {
        const state = await stat(file).catch(() => undefined);
        if (state === undefined) continue;
        present.add(file);
        changed = (await this.#readFile(file, state)) || changed;
      }
    }
    for (const file of this.#files.keys()) {
      if (present.has(file)) continue;
      this.#files.delete(file);
      changed = true;
    }
    if (changed && !this.#stopped) this.#events.onChange();
  }

  async #readFile(file: string, state: Stats): Promise<boolean> {
    const known = this.#files.get(file);
    const version = `${state.ino} ${state.size} ${state.mtimeMs}`;
    if (known?.version === version) return false;
    const read = await readGroups(file);
    if (typeof read === 'string') this.#events.onError(file, read);
    this.#files.set(file, { version, groups: typeof read === 'string' ? (known?.groups ?? []) : read });
    return typeof read !== 'string';
  }
}

async function filesOf(pattern: string): Promise<readonly string[]> {
  const name = path.basename(pattern);
  if (!name.includes('*')) return [pattern];
  const [before = '', after = ''] = name.split('*');
  const folder = path.dirname(pattern);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((each) => each.length >= before.length + after.length && each.startsWith(before) && each.endsWith(after))
    .map((each) => path.join(folder, each));
}

async function readGroups(file: string): Promise<readonly TargetGroup[] | string> {
  try {
    const { content, lineOf } = await readYaml(await readFile(file, 'utf8'));
    if (content === '' || content === null) return [];
    if (!Array.isArray(content)) return 'it must hold a list of groups';
    const report: ConfigReport = { errors: [], warnings: [], lineOf };
    const groups = content.map((group, i) => readTargetGroup(new SectionReader(group, `[${i}]`, report)));
    if (report.errors[0] !== undefined) return report.errors[0];
    return groups.map(({ targets, labels }) => ({ targets, labels: new Map([...labels, ['__meta_filepath', file]]) }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
