import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { readGroupCpu, readGroupMemory } from './cgroup-reader.js';
import { groupsOf, parseCgroupPaths, parseCpuMax, parseFlatKey, parseLimit } from './cgroup-text.js';
import { HostSampler } from './host-sampler.js';
import { countConnections, parseMemInfo, parseNetDev, parseProcStat } from './proc-text.js';
import { ProcessMonitor } from './process-monitor.js';

const STAT = `cpu  100 5 45 800 50 0 0 0 7 0
cpu0 50 2 20 400 28 0 0 0 7 0
intr 1 2 3
`;
const MEMINFO = `MemTotal:        8000000 kB
MemFree:         1000000 kB
MemAvailable:    6000000 kB
Buffers:          200000 kB
Cached:          2000000 kB
SwapCached:            0 kB
`;
const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 9000 1 0 0 0 0 0 0 9000 1 0 0 0 0 0 0
  eth0: 1000 10 0 0 0 0 0 0 300 5 0 0 0 0 0 0
eth0:1:7 1 0 0 0 0 0 0 8 1 0 0 0 0 0 0
`;
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1570 1
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 1571 1
   2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 1572 1
   3: 0100007F:C351 0100007F:1F90 06 00000000:00000000 00:00000000 00000000     0        0 0 3
`;

/** The files of a machine; the rest is not there. */
const files = (texts: Readonly<Record<string, string>>) => async (path: string) => texts[path];

describe('files of /proc', () => {
  test('ticks: guests are within user, waiting for disks is idle', () => {
    expect(parseProcStat(STAT)).toEqual({ busy: 150, total: 1000 });
    expect(parseProcStat('intr 1 2 3\n')).toBeUndefined();
    expect(parseProcStat('cpu  1 x 3 4\n')).toBeUndefined();
  });

  test('memory, of old kernels too', () => {
    expect(parseMemInfo(MEMINFO)).toEqual({ totalBytes: 8_192_000_000, availableBytes: 6_144_000_000 });
    expect(parseMemInfo(MEMINFO.replace(/MemAvailable.*\n/, ''))?.availableBytes).toBe(3_276_800_000);
    expect(parseMemInfo('')).toBeUndefined();
  });

  test('bytes of every interface but loopback', () => {
    expect(parseNetDev(NET_DEV)).toEqual({ received: 1007, sent: 308 });
  });

  test('connections that are open', () => {
    expect(countConnections(TCP)).toBe(2);
    expect(countConnections('')).toBe(0);
  });
});

describe('control groups', () => {
  test('paths of both versions', () => {
    const paths = parseCgroupPaths('4:memory:/docker/a\n3:cpu,cpuacct:/docker/b\n0::/unified\n');
    expect(paths.unified).toBe('/unified');
    expect([...paths.controllers]).toEqual([
      ['memory', '/docker/a'],
      ['cpu', '/docker/b'],
      ['cpuacct', '/docker/b'],
    ]);
    expect(groupsOf('/a/b')).toEqual(['/a/b', '/a', '/']);
    expect(groupsOf('/../..')).toEqual(['/']);
  });

  test('limits and what is none', () => {
    expect([
      parseLimit('max\n'),
      parseLimit('9223372036854771712\n'),
      parseLimit('-1\n'),
      parseLimit('4096\n'),
    ]).toEqual([undefined, undefined, undefined, 4096]);
    expect([parseCpuMax('150000 100000\n'), parseCpuMax('max 100000\n'), parseCpuMax(undefined)]).toEqual([
      1.5,
      undefined,
      undefined,
    ]);
    expect(parseFlatKey('anon 1\ninactive_file 22\n', 'inactive_file')).toBe(22);
  });

  test('version 2: the tightest group counts, without caches', async () => {
    const read = files({
      '/proc/self/cgroup': '0::/pod/app\n',
      '/sys/fs/cgroup/pod/app/memory.max': 'max\n',
      '/sys/fs/cgroup/pod/memory.max': '1000\n',
      '/sys/fs/cgroup/pod/memory.current': '700\n',
      '/sys/fs/cgroup/pod/memory.stat': 'anon 500\ninactive_file 200\n',
      '/sys/fs/cgroup/pod/app/cpu.max': '50000 100000\n',
      '/sys/fs/cgroup/pod/app/cpu.stat': 'usage_usec 2500000\nuser_usec 1\n',
      '/sys/fs/cgroup/pod/cpu.max': '200000 100000\n',
      '/sys/fs/cgroup/pod/cpu.stat': 'usage_usec 9000000\n',
    });
    expect(await readGroupMemory(read)).toEqual({ limitBytes: 1000, usedBytes: 500 });
    expect(await readGroupCpu(read)).toEqual({ processors: 0.5, usedSeconds: 2.5 });
  });

  test('version 1, whose outer path a container does not see', async () => {
    const read = files({
      '/proc/self/cgroup': '4:memory:/docker/x\n3:cpu,cpuacct:/docker/x\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '2000\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '900\n',
      '/sys/fs/cgroup/memory/memory.stat': 'total_inactive_file 100\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '25000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpuacct/cpuacct.usage': '3000000000\n',
    });
    expect(await readGroupMemory(read)).toEqual({ limitBytes: 2000, usedBytes: 800 });
    expect(await readGroupCpu(read)).toEqual({ processors: 0.25, usedSeconds: 3 });
  });
});

test('a sample of a machine: processors from one to the next, a container’s memory when it has a limit', async () => {
  const texts: Record<string, string> = {
    '/proc/stat': STAT,
    '/proc/meminfo': MEMINFO,
    '/proc/net/dev': NET_DEV,
    '/proc/net/tcp': TCP,
    '/proc/self/cgroup': '0::/\n',
  };
  const sampler = new HostSampler({ dataDir: tmpdir(), now: () => 5, read: files(texts) });
  expect((await sampler.sample()).cpuPercent).toBeUndefined();
  texts['/proc/stat'] = 'cpu  130 5 65 850 50 0 0 0 7 0\n';
  expect(await sampler.sample()).toMatchObject({
    timestampMs: 5,
    cpuPercent: 50,
    memoryPercent: 25,
    memoryUsedMb: 1953.125,
    networkBytesSent: 308,
    networkBytesRecv: 1007,
    activeConnections: 2,
  });
  texts['/sys/fs/cgroup/memory.max'] = String(1000 * 1024 * 1024);
  texts['/sys/fs/cgroup/memory.current'] = String(900 * 1024 * 1024);
  expect(await sampler.sample()).toMatchObject({ memoryPercent: 90, memoryUsedMb: 900, memoryAvailableMb: 100 });
});

test('a machine without /proc is asked through Node; what nobody tells is not known', async () => {
  const sample = await new HostSampler({ dataDir: '/no/such/folder', read: files({}) }).sample();
  expect(sample.memoryPercent).toBeGreaterThan(0);
  expect([sample.diskFreeGb, sample.networkBytesSent, sample.activeConnections]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test.skipIf(!existsSync('/proc/stat'))('this machine', async () => {
  const sampler = new HostSampler({ dataDir: tmpdir() });
  await sampler.sample();
  const sample = await sampler.sample();
  for (const percent of [sample.memoryPercent, sample.diskUsagePercent]) {
    expect(percent).toBeGreaterThan(0);
    expect(percent).toBeLessThanOrEqual(100);
  }
  expect(sample.memoryUsedMb).toBeGreaterThan(1);
  expect(sample.diskFreeGb).toBeGreaterThan(0);
  expect(sample.networkBytesRecv).toBeGreaterThanOrEqual(0);
  expect(sample.activeConnections).toBeGreaterThanOrEqual(0);
});

test('this process: its figures are those of a running program', () => {
  const monitor = new ProcessMonitor(() => undefined);
  const sample = monitor.sample();
  monitor.stop();
  expect(sample.cpuUserSeconds).toBeGreaterThan(0);
  expect(sample.residentBytes).toBeGreaterThan(sample.heapUsedBytes);
  expect(sample.heapLimitBytes).toBeGreaterThanOrEqual(sample.heapUsedBytes);
  expect(sample.eventLoopDelay).toEqual({ min: 0, mean: 0, max: 0, p50: 0, p90: 0, p99: 0 });
});
