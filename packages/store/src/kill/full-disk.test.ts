import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, it } from 'vitest';
import { openDuckDbStore } from '../duckdb/open-store.js';
import { type BuiltProgram, buildProgram } from './testing/build-program.js';

let built: BuiltProgram | undefined;
afterAll(() => built?.remove());

const KIB = 1024;

/** A limit on file sizes stands for the disk: writes past it fail as on a full one, and it can be lifted from outside. */
it.skipIf(!canLimit())(
  'fails writes on a full disk, still reads, and goes on when there is room',
  async () => {
    built = await buildProgram('full-disk-program');
    const { program, folder } = built;
    const path = join(folder, 'vedetta.duckdb');
    const command = `trap '' XFSZ; ulimit -S -f ${2 * KIB}; exec "$0" "$1" "$2"`;
    const child = spawn('bash', ['-c', command, process.execPath, program, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: Record<string, unknown>[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(JSON.parse(line) as Record<string, unknown>);
      if (said.length === 1) execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
    const [full, recovered] = said;
    expect(full).toMatchObject({ state: 'full', message: expect.stringContaining('too large'), fatal: null });
    expect(full?.requests).toBe(full?.stored);
    expect(recovered).toMatchObject({ state: 'recovered' });
    const store = await openDuckDbStore({ path });
    expect(await store.maintenance.info()).toMatchObject({
      requests: recovered?.stored,
      spans: Number(recovered?.stored) * 3,
    });
    await store.close();
  },
  60_000,
);

function canLimit(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    execFileSync('prlimit', ['--version']);
    return true;
  } catch {
    return false;
  }
}
