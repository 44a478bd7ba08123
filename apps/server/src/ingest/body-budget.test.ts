import { expect, test } from 'vitest';
import { BodyBudget } from './body-budget.js';

async function* chunks(...sizes: number[]) {
  for (const size of sizes) yield new Uint8Array(size);
}

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of stream);
}

test('counts what arrives and gives it back', async () => {
  const budget = new BodyBudget(100);
  const held = { bytes: 0, exceeded: false };
  await drain(budget.count(chunks(30, 40), held));
  expect([budget.heldBytes, held.bytes, held.exceeded]).toEqual([70, 70, false]);
  budget.release(held);
  budget.release(held);
  expect(budget.heldBytes).toBe(0);
});

test('ends the body that would exceed the budget, and no other', async () => {
  const budget = new BodyBudget(100);
  const first = { bytes: 0, exceeded: false };
  const second = { bytes: 0, exceeded: false };
  await drain(budget.count(chunks(80), first));
  await expect(drain(budget.count(chunks(10, 20), second))).rejects.toThrow();
  expect([first.exceeded, second.exceeded, budget.heldBytes]).toEqual([false, true, 90]);
  budget.release(second);
  await drain(budget.count(chunks(20), { bytes: 0, exceeded: false }));
  expect(budget.heldBytes).toBe(100);
});

test('lets four bodies be decoded at once, the others in order, whatever fails', async () => {
  const budget = new BodyBudget(1);
  const started: number[] = [];
  const gates = Array.from({ length: 8 }, () => withResolvers());
  const works = gates.map((gate, i) =>
    budget
      .decode(async () => {
        started.push(i);
        await gate.promise;
        if (i % 2 === 0) throw new Error('bad body');
      })
      .catch(() => undefined),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1, 2, 3]);
  gates[2]?.resolve();
  await works[2];
  expect(started).toEqual([0, 1, 2, 3, 4]);
  for (const gate of gates) gate.resolve();
  await Promise.all(works);
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
