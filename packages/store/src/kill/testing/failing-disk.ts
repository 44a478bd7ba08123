import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(import.meta.dirname, 'failing-disk.c');

/** What fails, and how the name of the file ends. */
export interface DiskFault {
  readonly operation: 'write' | 'fsync';
  readonly nameEnds: string;
}

/** A disk whose faults are switched from outside, for a program that is started with `env`. */
export interface FailingDisk {
  readonly env: { readonly [name: string]: string };
  /** At once, also for programs that run. `undefined` heals the disk. */
  fail(fault: DiskFault | undefined): void;
}

/** Why there can be no failing disk here; `undefined` when there can. */
export function whyNoFailingDisk(): string | undefined {
  if (process.platform !== 'linux') return 'no Linux';
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no C compiler (cc)';
  }
}

/** Compiles what stands between programs and the disk, into a folder. */
export function makeFailingDisk(folder: string): FailingDisk {
  const library = join(folder, 'failing-disk.so');
  const control = join(folder, 'failing-disk.txt');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl']);
  writeFileSync(control, '');
  return {
    env: { LD_PRELOAD: library, FAILING_DISK_CONTROL: control },
    fail: (fault) => writeFileSync(control, fault === undefined ? '' : `${fault.operation} ${fault.nameEnds}`),
  };
}
