import {
  groupsOf,
  parseCgroupPaths,
  parseCpuMax,
  parseFlatKey,
  parseLimit,
  parseNumber,
  processors,
} from './cgroup-text.js';
import type { ReadText } from './read-text.js';

const ROOT = '/sys/fs/cgroup';

/** What a container may use of memory, and what it uses. */
export interface GroupMemory {
  readonly limitBytes: number;
  /** Without caches of files that can go. */
  readonly usedBytes: number;
}

/** What a container may use of the processors, and what it used. */
export interface GroupCpu {
  readonly processors: number;
  /** Since the group was made. */
  readonly usedSeconds: number;
}

/** Memory of the innermost group with the tightest limit; `undefined` when none restricts. Control groups of version 2 and 1. */
export async function readGroupMemory(read: ReadText): Promise<GroupMemory | undefined> {
  const { unified, controllers } = parseCgroupPaths((await read('/proc/self/cgroup')) ?? '');
  const version1 = controllers.get('memory');
  const [base, files] =
    version1 === undefined
      ? [ROOT, { limit: 'memory.max', usage: 'memory.current', cache: 'inactive_file' }]
      : [
          `${ROOT}/memory`,
          { limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes', cache: 'total_inactive_file' },
        ];
  let tightest: GroupMemory | undefined;
  for (const group of groupsOf(version1 ?? unified ?? '/')) {
    const folder = join(base, group);
    const limitBytes = parseLimit(await read(`${folder}/${files.limit}`));
    if (limitBytes === undefined || limitBytes === 0 || (tightest !== undefined && limitBytes >= tightest.limitBytes))
      continue;
    const usage = parseNumber(await read(`${folder}/${files.usage}`));
    if (usage === undefined) continue;
    const cache = parseFlatKey(await read(`${folder}/memory.stat`), files.cache) ?? 0;
    tightest = { limitBytes, usedBytes: Math.max(0, usage - cache) };
  }
  return tightest;
}

/** Processors of the group with the tightest quota; `undefined` when none restricts. */
export async function readGroupCpu(read: ReadText): Promise<GroupCpu | undefined> {
  const { unified, controllers } = parseCgroupPaths((await read('/proc/self/cgroup')) ?? '');
  const version1 = controllers.get('cpu');
  let tightest: GroupCpu | undefined;
  for (const group of groupsOf(version1 ?? unified ?? '/')) {
    const found = version1 === undefined ? await readCpu2(read, group) : await readCpu1(read, group);
    if (found !== undefined && (tightest === undefined || found.processors < tightest.processors)) tightest = found;
  }
  return tightest;
}

async function readCpu2(read: ReadText, group: string): Promise<GroupCpu | undefined> {
  const folder = join(ROOT, group);
  const granted = parseCpuMax(await read(`${folder}/cpu.max`));
  const used = granted === undefined ? undefined : parseFlatKey(await read(`${folder}/cpu.stat`), 'usage_usec');
  return granted === undefined || used === undefined ? undefined : { processors: granted, usedSeconds: used / 1e6 };
}

async function readCpu1(read: ReadText, group: string): Promise<GroupCpu | undefined> {
  const folder = join(`${ROOT}/cpu`, group);
  const granted = processors(
    parseNumber(await read(`${folder}/cpu.cfs_quota_us`)),
    parseNumber(await read(`${folder}/cpu.cfs_period_us`)),
  );
  const used =
    granted === undefined ? undefined : parseNumber(await read(`${join(`${ROOT}/cpuacct`, group)}/cpuacct.usage`));
  return granted === undefined || used === undefined ? undefined : { processors: granted, usedSeconds: used / 1e9 };
}

function join(base: string, group: string): string {
  return group === '/' ? base : base + group;
}
