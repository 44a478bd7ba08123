import { expect, test } from 'vitest';
import { manyStreams, slowReaders, upload } from './testing/load-rounds.js';

test('200 slow readers of 10 MiB each: memory grows by less than 200 MiB', async () => {
  const { growthMib } = await slowReaders(200, 10);
  expect(growthMib).toBeLessThan(200);
});

test('an upload of 100 MB: memory grows by less than 200 MiB', async () => {
  expect((await upload(100)).growthMib).toBeLessThan(200);
});

test('memory is flat over 100,000 streamed calls', async () => {
  const { rssMib, recorded } = await manyStreams(100_000);
  expect(recorded).toBe(100_000);
  // The first tenth fills pools and warms the compiler.
  expect(Math.max(...rssMib.slice(5)) - Math.max(...rssMib.slice(1, 5))).toBeLessThan(30);
});
