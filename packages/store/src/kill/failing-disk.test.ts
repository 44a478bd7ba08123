import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDbStore } from '../duckdb/open-store.js';
import { requestId, SPANS_A_REQUEST } from './kill-requests.js';
import { type BuiltProgram, buildProgram } from './testing/build-program.js';
import { type DiskFault, type FailingDisk, makeFailingDisk, whyNoFailingDisk } from './testing/failing-disk.js';

const absent = whyNoFailingDisk();
const STOPPED_BY_ENGINE = 3;

it.runIf(absent !== undefined)(`skipped: ${absent}`, () => {
  // In CI the proof is wanted.
  expect(process.env.CI ?? '').toBe('');
});

describe.skipIf(absent !== undefined)('on a disk that fails', () => {
  let built: BuiltProgram;
  let disk: FailingDisk;
  beforeAll(async () => {
    built = await buildProgram('failing-disk-program');
    disk = makeFailingDisk(built.folder);
  }, 60_000);
  afterAll(() => built.remove());

  it.each<readonly [string, DiskFault, number]>([
    ['writes to the log', { operation: 'write', nameEnds: '.wal' }, 64],
    ['flushes of the log', { operation: 'fsync', nameEnds: '.wal' }, 64],
    ['writes to the file, in a checkpoint', { operation: 'write', nameEnds: '.duckdb' }, 1],
    ['flushes of the file, in a checkpoint', { operation: 'fsync', nameEnds: '.duckdb' }, 1],
  ])(
    'acknowledges nothing that is not stored, and doubles nothing when it is sent again: %s',
    async (_, fault, checkpointMb) => {
      const path = join(built.folder, `${fault.operation}${fault.nameEnds}`);
      const first = await run(path, 1, checkpointMb, fault);
      expect(first.failed.length).toBeGreaterThan(0);
      expect(first.acknowledgedAfterFailure).toBe(false);
      expect(first.failed[0]).toMatch(/kind":"failed/);
      // A flush that failed says nothing of what is on the disk: only a new start can tell.
      if (fault.operation === 'fsync') expect(first.exitCode).toBe(STOPPED_BY_ENGINE);
      // The sender saw a failure: after the restart it sends that request again, and goes on.
      const second = await run(path, first.last + 1, checkpointMb, undefined);
      expect(second.failed).toEqual([]);
      const store = await openDuckDbStore({ path });
      const outcome = await store.sql.query('SELECT request_id, span_count FROM requests', {
        maxRows: 1e6,
        timeoutMs: 60_000,
      });
      if (outcome.kind === 'failed') throw new Error(outcome.message);
      const found = new Map(outcome.rows.map(([id, spans]) => [String(id), Number(spans)]));
      expect(outcome.rows.length).toBe(found.size);
      const acknowledged = Array.from({ length: second.last }, (__, i) => i + 1);
      expect(acknowledged.filter((n) => found.get(requestId(n)) !== SPANS_A_REQUEST)).toEqual([]);
      expect((await store.maintenance.info()).spans).toBe(found.size * SPANS_A_REQUEST);
      await store.close();
    },
    120_000,
  );

  interface Run {
    /** Of the requests that were acknowledged, without a gap. */
    readonly last: number;
    readonly failed: readonly string[];
    readonly acknowledgedAfterFailure: boolean;
    readonly exitCode: number | null;
  }

  /** Writes until 60 requests are acknowledged, then with a fault until it fails thrice or gives up; ends by itself or is killed. */
  async function run(path: string, from: number, checkpointMb: number, fault: DiskFault | undefined): Promise<Run> {
    disk.fail(undefined);
    const child = spawn(process.execPath, [built.program, path, String(from), String(checkpointMb)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...disk.env },
    });
    let last = from - 1;
    let acknowledgedAfterFailure = false;
    const failed: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [what] = line.split(' ', 1);
      if (what === 'ack') {
        last++;
        expect(line).toBe(`ack ${last}`);
        acknowledgedAfterFailure ||= failed.length > 0;
        if (last === from + 59) {
          if (fault === undefined) child.stdin.write('close\n');
          else disk.fail(fault);
        }
      } else if (what === 'failed') {
        failed.push(line);
        if (failed.length === 3) child.kill('SIGKILL');
      }
    });
    const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
    disk.fail(undefined);
    return { last, failed, acknowledgedAfterFailure, exitCode };
  }
});
