import { expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.js';

const of = (cost: number) => ({ cost });
const create = (max: number) => new BoundedMap<{ cost: number }>(max, (_key, { cost }) => cost);

test('what was asked for lately stays, within the limit, and the rest is forgotten', () => {
  const map = create(10);
  for (let i = 0; i < 100; i += 1) {
    map.set(`k${i}`, of(1));
    expect(map.get('k0')?.cost).toBe(1);
  }
  const kept = Array.from({ length: 100 }, (_, i) => `k${i}`).filter((key) => map.get(key) !== undefined);
  expect(kept).toContain('k99');
  expect(kept).not.toContain('k50');
  expect(kept.length).toBeLessThanOrEqual(10);
});

test('an entry takes the place of what its key had, in whichever generation, and counts once', () => {
  const map = create(8);
  map.set('a', of(3));
  map.set('b', of(3));
  map.set('a', of(1));
  expect([map.get('a'), map.get('b')]).toEqual([of(1), of(3)]);
  for (let i = 0; i < 50; i += 1) map.set('a', of(2));
  expect([map.get('a'), map.get('b')]).toEqual([of(2), of(3)]);
});

test('what costs too much is not kept, and what it would replace is gone', () => {
  const map = create(8);
  map.set('a', of(1));
  map.set('a', of(5));
  expect(map.get('a')).toBeUndefined();
});
