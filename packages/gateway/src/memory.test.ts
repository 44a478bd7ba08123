import { expect, test } from 'vitest';
import { manyStreams, slowReaders, upload } from './testing/load-rounds.js';

// G6 at the size of CI; memory.soak.ts has the full one. Clients, gateway and upstream share the process.
test('clients that do not read hold the upstream back, not the memory', async () => {
  const { growthMib, handedOver } = await slowReaders(30, 40);
  // What the kernel holds for two connections each is its own affair, and not the 40 MiB of an answer.
  expect(handedOver).toBeLessThan(30 * 20 * 1024 * 1024);
  expect(growthMib).toBeLessThan(200);
});

test('an upload of 100 MB passes whole and is not held', async () => {
  const { growthMib, receivedBytes } = await upload(100);
  expect(receivedBytes).toBe(100 * 1024 * 1024);
  expect(growthMib).toBeLessThan(200);
});

test('every streamed call is recorded, one after another', async () => {
  expect((await manyStreams(500)).recorded).toBe(500);
});
