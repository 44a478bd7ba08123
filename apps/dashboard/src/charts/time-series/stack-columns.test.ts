import { expect, it } from 'vitest';
import { stackColumns } from './stack-columns.js';

const all = () => true;

it('adds up in the order of the columns', () => {
  expect(
    stackColumns(
      [
        [1, 2],
        [10, 20],
        [100, 200],
      ],
      all,
    ),
  ).toEqual({
    columns: [
      [1, 2],
      [11, 22],
      [111, 222],
    ],
    below: [-1, 0, 1],
  });
});

it('lets what is missing add nothing, and what nobody has stay a gap', () => {
  expect(
    stackColumns(
      [
        [1, null, 3],
        [10, null, null],
      ],
      all,
    ).columns,
  ).toEqual([
    [1, null, 3],
    [11, null, 3],
  ]);
});

it('stacks values below zero apart from those above', () => {
  expect(stackColumns([[5], [-2], [3], [-4]], all)).toEqual({ columns: [[5], [-2], [8], [-6]], below: [-1, -1, 0, 1] });
});

it('leaves out what is not shown', () => {
  expect(stackColumns([[5], [2], [3]], (index) => index !== 1)).toEqual({
    columns: [[5], [null], [8]],
    below: [-1, -1, 0],
  });
});

it('holds the value of a coarser series between its points', () => {
  expect(
    stackColumns(
      [
        [1, 1, 1],
        [10, undefined, 20],
      ],
      all,
    ).columns[1],
  ).toEqual([11, 11, 21]);
});
