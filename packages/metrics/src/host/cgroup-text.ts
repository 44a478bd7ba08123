/** Where a process is in the control groups: a path for version 2, and one for each controller of version 1. */
export interface CgroupPaths {
  readonly unified: string | undefined;
  readonly controllers: ReadonlyMap<string, string>;
}

/** Reads `/proc/self/cgroup`; see cgroups(7). */
export function parseCgroupPaths(text: string): CgroupPaths {
  let unified: string | undefined;
  const controllers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^(\d+):([^:]*):(\/.*)$/.exec(line);
    if (match === null) continue;
    const [, id, names = '', path = '/'] = match;
    if (id === '0' && names === '') unified = path;
    else for (const name of names.split(',')) controllers.set(name, path);
  }
  return { unified, controllers };
}

/** A number of its own in a file; `undefined` for `max`, for nothing, and for what version 1 writes for no limit. */
export function parseLimit(text: string | undefined): number | undefined {
  const value = parseNumber(text);
  // Version 1 writes the largest multiple of a page that fits 63 bits, or -1.
  return value === undefined || value < 0 || value >= 2 ** 62 ? undefined : value;
}

/** A number of its own in a file. */
export function parseNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** Processors that `cpu.max` of version 2 grants: `150000 100000` is 1.5. `undefined` when it does not restrict. */
export function parseCpuMax(text: string | undefined): number | undefined {
  const [quota, period] = (text ?? '').trim().split(/\s+/);
  return processors(parseNumber(quota), parseNumber(period));
}

/** Processors of a quota and its period; a negative quota is none. */
export function processors(quota: number | undefined, period: number | undefined): number | undefined {
  if (quota === undefined || period === undefined || quota <= 0 || period <= 0) return undefined;
  return quota / period;
}

/** One figure of a file of lines `name value`, such as `cpu.stat` and `memory.stat`. */
export function parseFlatKey(text: string | undefined, key: string): number | undefined {
  for (const line of (text ?? '').split('\n')) {
    if (line.startsWith(`${key} `)) return parseNumber(line.slice(key.length + 1));
  }
  return undefined;
}

/** A group and those around it, from the inside out: `/a/b` gives `/a/b`, `/a`, `/`. Inside a container the outer ones are not there. */
export function groupsOf(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, i) => `/${parts.slice(0, parts.length - i).join('/')}`);
}
