/** Time that the machine's processors spent since it started, in ticks of the kernel. */
export interface CpuTicks {
  readonly busy: number;
  readonly total: number;
}

/** Reads the line `cpu` of `/proc/stat`; waiting for disks counts as idle. `undefined` when there is none. See proc_stat(5). */
export function parseProcStat(text: string): CpuTicks | undefined {
  const line = /^cpu +(.+)$/m.exec(text)?.[1];
  if (line === undefined) return undefined;
  // guest and guest_nice, the ninth and tenth, are within user and nice already.
  const fields = line.trim().split(/\s+/).slice(0, 8).map(Number);
  if (fields.length < 4 || fields.some((field) => !Number.isFinite(field))) return undefined;
  const total = fields.reduce((sum, field) => sum + field, 0);
  return { total, busy: total - (fields[3] ?? 0) - (fields[4] ?? 0) };
}

/** Memory of the machine in bytes. */
export interface MachineMemory {
  readonly totalBytes: number;
  /** What new programs may have without swapping, caches that can go included. */
  readonly availableBytes: number;
}

/** Reads `/proc/meminfo`; of kernels before 3.14, which name no MemAvailable, free memory and caches count as available. */
export function parseMemInfo(text: string): MachineMemory | undefined {
  const bytes = (name: string): number | undefined => {
    const kib = new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  };
  const totalBytes = bytes('MemTotal');
  if (totalBytes === undefined || totalBytes === 0) return undefined;
  const reclaimable = (bytes('MemFree') ?? 0) + (bytes('Buffers') ?? 0) + (bytes('Cached') ?? 0);
  return { totalBytes, availableBytes: Math.min(bytes('MemAvailable') ?? reclaimable, totalBytes) };
}

/** Bytes since the interfaces came up. */
export interface NetworkBytes {
  readonly received: number;
  readonly sent: number;
}

/** Sums the interfaces of `/proc/net/dev` but for loopback, which reaches no network. */
export function parseNetDev(text: string): NetworkBytes {
  let received = 0;
  let sent = 0;
  for (const line of text.split('\n')) {
    const colon = line.lastIndexOf(':');
    if (colon < 0 || line.slice(0, colon).trim() === 'lo') continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    if (fields.length < 9) continue;
    received += finite(fields[0]);
    sent += finite(fields[8]);
  }
  return { received, sent };
}

/** State of `/proc/net/tcp` of a connection that is open both ways. */
const ESTABLISHED = '01';

/** Open connections in the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
export function countConnections(text: string): number {
  let count = 0;
  for (const line of text.split('\n').slice(1)) {
    if (line.trim().split(/\s+/, 4)[3] === ESTABLISHED) count += 1;
  }
  return count;
}

function finite(value: number | undefined): number {
  return value === undefined || !Number.isFinite(value) ? 0 : value;
}
