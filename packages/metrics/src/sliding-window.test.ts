import { expect, test } from 'vitest';
import { RecentNames, SlidingSums } from './sliding-window.js';

const MINUTE = 60_000;
const START = 1_763_000_040_000;

test('a mean is of what was added within the window, and of nothing else', () => {
  const sums = new SlidingSums(15 * MINUTE, 60);
  expect(sums.mean(START)).toBeUndefined();
  for (let i = 0; i < 10; i += 1) sums.add(0, START + i);
  for (let i = 0; i < 30; i += 1) sums.add(1, START + 5 * MINUTE);
  expect(sums.mean(START + 5 * MINUTE)).toBe(0.75);
  // The failures leave the window a quarter of an hour after they came, a bucket of 15 s at most before that.
  expect(sums.mean(START + 14.7 * MINUTE)).toBe(0.75);
  expect(sums.mean(START + 15 * MINUTE)).toBe(1);
  expect(sums.mean(START + 20 * MINUTE)).toBeUndefined();
  sums.add(0.5, START + 21 * MINUTE);
  expect(sums.mean(START + 21 * MINUTE)).toBe(0.5);
});

test('a clock that is set back does not bring the future in', () => {
  const sums = new SlidingSums(MINUTE, 60);
  sums.add(1, START + 40_000);
  sums.add(0, START);
  expect(sums.mean(START)).toBe(0);
});

test('names count once, until they were not seen for as long as the window', () => {
  const names = new RecentNames(5 * MINUTE);
  for (const name of ['ada', 'bo', 'ada']) names.see(name, START);
  expect(names.count(START)).toBe(2);
  names.see('ada', START + 3 * MINUTE);
  expect(names.count(START + 6 * MINUTE)).toBe(1);
  names.forget('ada');
  expect(names.count(START + 6 * MINUTE)).toBe(0);
});

test('names that are too many push out those that were seen longest ago', () => {
  const names = new RecentNames(5 * MINUTE, 3);
  for (const name of ['a', 'b', 'c', 'a', 'd']) names.see(name, START);
  expect(names.count(START)).toBe(3);
  names.forget('b');
  expect(names.count(START)).toBe(3);
});
