import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import { readGroupCpu, readGroupMemory } from './cgroup-reader.js';
import type { CpuTicks } from './proc-text.js';
import { countConnections, parseMemInfo, parseNetDev, parseProcStat } from './proc-text.js';
import type { ReadText } from './read-text.js';
import { readSystemText } from './read-text.js';

const MB = 1024 * 1024;
const GB = 1024 * MB;

/** How the machine is, or the container when one restricts it. What the system does not tell is `undefined`. */
export interface SystemSample {
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  /** 0 to 100, of what may be used, since the sample before; `undefined` in the first one. */
  readonly cpuPercent: number | undefined;
  readonly memoryPercent: number | undefined;
  /** MiB, as all sizes of memory here. */
  readonly memoryUsedMb: number | undefined;
  readonly memoryAvailableMb: number | undefined;
  /** Of the file system of the data; what is kept for root counts as used. */
  readonly diskUsagePercent: number | undefined;
  /** GiB. */
  readonly diskFreeGb: number | undefined;
  /** Since the interfaces came up, without loopback. */
  readonly networkBytesSent: number | undefined;
  readonly networkBytesRecv: number | undefined;
  /** Open TCP connections of the network namespace, loopback included. */
  readonly activeConnections: number | undefined;
}

/** Where a {@link HostSampler} looks; what is left out is that of this machine. */
export interface HostSamplerOptions {
  /** Folder whose file system counts. */
  readonly dataDir: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly read?: ReadText;
}

interface CpuMark {
  /** Whether it is a container's; marks of different kinds cannot be compared. */
  readonly source: 'group' | 'machine';
  readonly ticks: CpuTicks;
}

/** Looks at the machine when asked. Linux by /proc and control groups, others by what Node tells. */
export class HostSampler {
  readonly #dataDir: string;
  readonly #now: () => number;
  readonly #read: ReadText;
  #mark: CpuMark | undefined;

  constructor({ dataDir, now = Date.now, read = readSystemText }: HostSamplerOptions) {
    this.#dataDir = dataDir;
    this.#now = now;
    this.#read = read;
  }

  async sample(): Promise<SystemSample> {
    const [cpuPercent, memory, disk, network, activeConnections] = await Promise.all([
      this.#cpu(),
      this.#memory(),
      this.#disk(),
      this.#network(),
      this.#connections(),
    ]);
    return { timestampMs: this.#now(), cpuPercent, ...memory, ...disk, ...network, activeConnections };
  }

  async #cpu(): Promise<number | undefined> {
    const before = this.#mark;
    const mark = await this.#cpuMark();
    this.#mark = mark;
    if (before?.source !== mark.source) return undefined;
    const total = mark.ticks.total - before.ticks.total;
    const busy = mark.ticks.busy - before.ticks.busy;
    return total > 0 ? Math.min(100, Math.max(0, (busy / total) * 100)) : undefined;
  }

  async #cpuMark(): Promise<CpuMark> {
    const group = await readGroupCpu(this.#read);
    if (group !== undefined) {
      const total = (performance.now() / 1000) * group.processors;
      return { source: 'group', ticks: { busy: group.usedSeconds, total } };
    }
    return { source: 'machine', ticks: parseProcStat((await this.#read('/proc/stat')) ?? '') ?? nodeTicks() };
  }

  async #memory() {
    const machine = parseMemInfo((await this.#read('/proc/meminfo')) ?? '') ?? {
      totalBytes: totalmem(),
      availableBytes: freemem(),
    };
    const group = await readGroupMemory(this.#read);
    // A limit above what the machine has restricts nothing.
    const restricts = group !== undefined && group.limitBytes < machine.totalBytes;
    const total = restricts ? group.limitBytes : machine.totalBytes;
    const used = restricts ? group.usedBytes : total - machine.availableBytes;
    // What a container may still use must be there on the machine too.
    const available = Math.max(0, Math.min(total - used, machine.availableBytes));
    return {
      memoryPercent: Math.min(100, (used / total) * 100),
      memoryUsedMb: used / MB,
      memoryAvailableMb: available / MB,
    };
  }

  async #disk() {
    const disk = await statfs(this.#dataDir).catch(() => undefined);
    if (disk === undefined || disk.blocks === 0) return { diskUsagePercent: undefined, diskFreeGb: undefined };
    return {
      diskUsagePercent: (1 - disk.bavail / disk.blocks) * 100,
      diskFreeGb: (disk.bavail * disk.bsize) / GB,
    };
  }

  async #network() {
    const text = await this.#read('/proc/net/dev');
    if (text === undefined) return { networkBytesSent: undefined, networkBytesRecv: undefined };
    const { sent, received } = parseNetDev(text);
    return { networkBytesSent: sent, networkBytesRecv: received };
  }

  async #connections(): Promise<number | undefined> {
    const [four, six] = await Promise.all([this.#read('/proc/net/tcp'), this.#read('/proc/net/tcp6')]);
    if (four === undefined && six === undefined) return undefined;
    return countConnections(four ?? '') + countConnections(six ?? '');
  }
}

function nodeTicks(): CpuTicks {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    busy += times.user + times.nice + times.sys + times.irq;
    total += times.user + times.nice + times.sys + times.irq + times.idle;
  }
  return { busy, total };
}
