import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@vedetta/client';
import { expect, it } from 'vitest';
import { finished, freePort, printed, Sandbox } from './vedetta-process.js';

const DATA = fileURLToPath(new URL('../../../../shared/data/llm-workloads/azure2023_code.csv.gz', import.meta.url));

it('replays the recorded hour with exactly its requests and tokens', async (context) => {
  if (!existsSync(DATA) && !process.env.CI) context.skip('skipped: no shared data');
  await using sandbox = new Sandbox();
  const port = await freePort();
  const demo = sandbox.spawn(['demo', String(port), '--workload', DATA, '--replay', 'all', '--fast']);
  const end = finished(demo);
  await printed(demo, 'Sent 8,819 requests');
  const stats = await createClient({ baseUrl: `http://127.0.0.1:${port}` }).stats({ from: '3h' });
  expect(stats).toMatchObject({ total: 8819, input_tokens: 18_059_974, output_tokens: 245_896, llm_calls: 8819 });
  expect(stats.completed + stats.failed + stats.timeout + stats.cancelled).toBe(8819);
  demo.kill('SIGINT');
  const { code, stdout } = await end;
  expect(code).toBe(0);
  expect(stdout).toContain('none lost');
});

it('plays a workload live through the SDK, on data of its own that it removes', async () => {
  await using sandbox = new Sandbox();
  const port = await freePort();
  const rows = Array.from(
    { length: 40 },
    (_, i) => `2023-11-16 18:17:${String(i).padStart(2, '0')}.0000000,${100 + i},1`,
  );
  const workload = join(sandbox.dir, 'workload.csv');
  writeFileSync(workload, ['TIMESTAMP,ContextTokens,GeneratedTokens', ...rows].join('\r\n'));
  const temporary = join(sandbox.dir, 'tmp');
  mkdirSync(temporary);
  const env = { VEDETTA_DATA_DIR: '', TMPDIR: temporary };
  const demo = sandbox.spawn(['demo', String(port), '--workload', workload, '--replay', 'all', '--speed', '1000'], {
    env,
  });
  const end = finished(demo);
  await printed(demo, 'Replayed 40 requests');
  const client = createClient({ baseUrl: `http://127.0.0.1:${port}` });
  // The SDK sends what it has gathered every quarter of a second.
  await expect
    .poll(() => client.stats({ from: '1h' }), { timeout: 20_000 })
    .toMatchObject({
      total: 40,
      input_tokens: rows.reduce((sum, _, i) => sum + 100 + i, 0),
      output_tokens: 40,
      active: 0,
    });
  demo.kill('SIGTERM');
  const { code, stderr } = await end;
  expect(code).toBe(0);
  expect(stderr).not.toContain('Warning');
  expect(existsSync(sandbox.dataDir)).toBe(false);
});

it('starts a recording over until it is stopped', async () => {
  await using sandbox = new Sandbox();
  const port = await freePort();
  const workload = join(sandbox.dir, 'workload.csv');
  writeFileSync(workload, 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:00.0000000,100,1\n');
  const demo = sandbox.spawn(['demo', String(port), '--workload', workload]);
  const end = finished(demo);
  await printed(demo, 'start over until you stop');
  const client = createClient({ baseUrl: `http://127.0.0.1:${port}` });
  await expect
    .poll(async () => (await client.stats({ from: '1h' })).total, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(3);
  demo.kill('SIGINT');
  expect((await end).code).toBe(0);
});
