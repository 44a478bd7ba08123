import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { finished, freePort, isAlive, printed, Sandbox, takePort } from './vedetta-process.js';

function readPid(sandbox: Sandbox): number {
  return JSON.parse(readFileSync(join(sandbox.dataDir, 'vedetta.pid'), 'utf8')).pid;
}

it('starts in the background, is asked everything, and stops', async () => {
  await using sandbox = new Sandbox();
  const port = await freePort();

  const start = await sandbox.run(['start', String(port)]);
  expect(start).toMatchObject({ code: 0, stderr: '' });
  expect(start.stdout).toContain(`Page  http://127.0.0.1:${port}\n`);
  expect(start.stdout).toContain(`OTLP  http://127.0.0.1:${port}\n`);

  const status = await sandbox.run(['status', '--json']);
  expect(status.code).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({ running: true, pid: readPid(sandbox), status: 'ok' });
  expect((await sandbox.run(['status'])).stdout).toContain(`Vedetta 0.1.0 is running (pid ${readPid(sandbox)}`);

  const test = await sandbox.run(['test', '--json']);
  const steps: { name: string; outcome: string; detail: string }[] = JSON.parse(test.stdout);
  expect(steps.filter((step) => step.outcome !== 'ok')).toEqual([]);
  expect(steps).toHaveLength(7);
  expect(test.code).toBe(0);

  const sql = 'select phase from request_phases order by phase';
  const table = await sandbox.run(['sql', sql]);
  expect(table.stdout).toBe('phase\n----------\ngeneration\nretrieval\n');
  expect(table.stderr).toMatch(/^2 rows in /);
  expect((await sandbox.run(['sql', sql, '--csv'])).stdout).toBe('phase\ngeneration\nretrieval\n');
  expect(JSON.parse((await sandbox.run(['sql', sql, '--json'])).stdout)).toEqual([
    { phase: 'generation' },
    { phase: 'retrieval' },
  ]);
  const refused = await sandbox.run(['sql', 'drop table spans']);
  expect(refused).toMatchObject({ code: 13, stdout: '' });
  expect(refused.stderr).toContain('The server refused (403)');

  expect((await sandbox.run(['cleanup', '--days', '1'])).stdout).toContain('Deleted 0 requests older than 1 day ');
  expect((await sandbox.run(['cleanup', '--days', '0'])).code).toBe(2);
  expect((await sandbox.run(['cleanup', '--days', '0', '--yes'])).stdout).toContain('Deleted 1 requests');

  expect((await sandbox.run(['logs', '-n', '100'])).stdout).toContain(`http://127.0.0.1:${port}`);

  const pid = readPid(sandbox);
  const stop = await sandbox.run(['stop']);
  expect(stop).toMatchObject({ code: 0, stdout: `Stopped Vedetta (pid ${pid}).\n`, stderr: '' });
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(join(sandbox.dataDir, 'vedetta.pid'))).toBe(false);
});

it('says what cleanup archived, and where', async () => {
  await using sandbox = new Sandbox();
  const env = { VEDETTA_RETENTION_ARCHIVE: 'true' };
  await sandbox.run(['start', String(await freePort())], { env });
  await sandbox.run(['test']);
  const folder = join(sandbox.dataDir, 'archive');
  const cleanup = await sandbox.run(['cleanup', '--days', '0', '--yes']);
  expect(cleanup.stdout).toContain(`Archived 1 requests before, in ${folder}\n`);
  const [file] = readdirSync(folder).filter((name) => name.endsWith('_requests.jsonl.gz'));
  const line = JSON.parse(gunzipSync(readFileSync(join(folder, String(file)))).toString());
  expect(line.phases.map(({ phase }: { phase: string }) => phase)).toEqual(['retrieval', 'generation']);
});

it('says that it runs already', async () => {
  await using sandbox = new Sandbox();
  const port = await freePort();
  await sandbox.run(['start', String(port)]);
  for (const args of [['start'], ['start', '--foreground']]) {
    const again = await sandbox.run(args);
    expect(again).toMatchObject({ code: 4, stdout: '' });
    expect(again.stderr).toContain(`runs already at http://127.0.0.1:${port} (pid ${readPid(sandbox)}`);
  }
});

it('restarts on the same port, or on another', async () => {
  await using sandbox = new Sandbox();
  const [port, other] = [await freePort(), await freePort()];
  const first = await sandbox.run(['restart', String(port)]);
  expect(first.stderr).toContain('Vedetta is not running');
  expect(first.code).toBe(0);
  const firstPid = readPid(sandbox);

  const second = await sandbox.run(['restart']);
  expect(second.stdout).toContain(`http://127.0.0.1:${port}\n`);
  expect(readPid(sandbox)).not.toBe(firstPid);
  expect(isAlive(firstPid)).toBe(false);

  expect((await sandbox.run(['restart', String(other)])).stdout).toContain(`http://127.0.0.1:${other}\n`);
});

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'in the foreground ends with 0 on %s and leaves nothing',
  async (signal) => {
    await using sandbox = new Sandbox();
    const child = sandbox.spawn(['start', String(await freePort()), '--foreground']);
    const end = finished(child);
    await printed(child, 'Stop it with Ctrl-C');
    expect(readPid(sandbox)).toBe(child.pid);
    child.kill(signal);
    expect(await end).toMatchObject({ code: 0, signal: null });
    expect(existsSync(join(sandbox.dataDir, 'vedetta.pid'))).toBe(false);
  },
);

it('names the program on a port that is taken, and a free one', async () => {
  await using sandbox = new Sandbox();
  const { port, server } = await takePort();
  for (const args of [
    ['start', String(port)],
    ['start', String(port), '--foreground'],
  ]) {
    const result = await sandbox.run(args);
    expect(result).toMatchObject({ code: 5, stdout: '' });
    expect(result.stderr).toContain(`Port ${port} on 127.0.0.1 is taken by another program.`);
    expect(result.stderr).toMatch(/Port \d+ is free: vedetta start \d+/);
    expect(existsSync(join(sandbox.dataDir, 'vedetta.pid'))).toBe(false);
  }
  await new Promise((resolve) => server.close(resolve));
});

it('tells another Vedetta from another program', async () => {
  await using one = new Sandbox();
  await using two = new Sandbox();
  const port = String(await freePort());
  await one.run(['start', port]);
  const result = await two.run(['start', port]);
  expect(result.code).toBe(5);
  expect(result.stderr).toContain('is taken by another Vedetta');
});

it('makes one server of eight starts at once', async () => {
  await using sandbox = new Sandbox();
  const port = String(await freePort());
  const results = await Promise.all(Array.from({ length: 8 }, () => sandbox.run(['start', port])));
  expect(results.map((result) => result.code).sort()).toEqual([0, 4, 4, 4, 4, 4, 4, 4]);
  for (const { code, stderr } of results) if (code === 4) expect(stderr).toContain(`(pid ${readPid(sandbox)}`);
  expect((await sandbox.run(['status'])).code).toBe(0);
});
