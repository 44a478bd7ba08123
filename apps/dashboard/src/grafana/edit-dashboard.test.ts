import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addPanel, changePanel, deletePanel, duplicatePanel, movePanel } from './edit-dashboard.js';
import type { JsonObject } from './json.js';
import { parseGridPos } from './parse-panel.js';

const at = (id: number, x: number, y: number, w = 12, h = 4) => ({
  id,
  type: 'stat',
  gridPos: { x, y, w, h },
  unknown: { kept: id },
});
const board = (...panels: object[]): JsonObject => ({ title: 'T', panels, links: [1] });
const places = (source: JsonObject) =>
  Object.fromEntries(
    (source.panels as { id: number; gridPos: unknown }[]).map(({ id, gridPos }) => [
      id,
      Object.values(parseGridPos(gridPos)).join(','),
    ]),
  );

test('a change leaves everything else as it was, in collapsed rows too', () => {
  const row = { id: 9, type: 'row', collapsed: true, panels: [at(2, 0, 1)] };
  const changed = changePanel(board(at(1, 0, 0), row), 2, {
    title: 'New',
    unit: 's',
    queries: [{ expr: 'up', legendFormat: '' }],
  });
  expect(changed).toEqual(
    board(at(1, 0, 0), {
      ...row,
      panels: [
        {
          ...at(2, 0, 1),
          title: 'New',
          fieldConfig: { defaults: { unit: 's' }, overrides: [] },
          targets: [{ refId: 'A', expr: 'up', legendFormat: '', range: true }],
        },
      ],
    }),
  );
});

test('queries that stay keep what the editor does not show', () => {
  const source = board({
    ...at(1, 0, 0),
    targets: [{ refId: 'B', expr: 'a', exemplar: true, datasource: { uid: 'x' } }],
  });
  const changed = changePanel(source, 1, {
    queries: [
      { expr: 'b', legendFormat: 'l' },
      { expr: 'c', legendFormat: '' },
    ],
  });
  expect((changed.panels as { targets: object[] }[])[0]?.targets).toEqual([
    { refId: 'B', expr: 'b', legendFormat: 'l', exemplar: true, datasource: { uid: 'x' } },
    { refId: 'C', expr: 'c', legendFormat: '', range: true, datasource: { uid: 'x' } },
  ]);
});

test('a moved panel pushes down what it comes to lie on, and nothing else', () => {
  const source = board(at(1, 0, 0), at(2, 12, 0), at(3, 0, 4), at(4, 12, 4));
  expect(places(movePanel(source, 1, { x: 12, y: 0, w: 12, h: 4 }))).toEqual({
    1: '12,0,12,4',
    2: '12,4,12,4',
    3: '0,4,12,4',
    4: '12,8,12,4',
  });
});

test('a copy stands right below, and a new panel below all', () => {
  const copied = duplicatePanel(board(at(1, 0, 0), at(2, 0, 4)), 1);
  expect(places(copied)).toEqual({ 1: '0,0,12,4', 2: '0,8,12,4', 3: '0,4,12,4' });
  expect(places(addPanel(copied))).toMatchObject({ 4: '0,12,12,8' });
  expect(places(deletePanel(copied, 1))).toEqual({ 2: '0,8,12,4', 3: '0,4,12,4' });
});

test('wherever a panel is moved, no two lie on each other that did not before', () => {
  const pos = fc.record({
    x: fc.integer({ min: -5, max: 30 }),
    y: fc.integer({ min: -5, max: 40 }),
    w: fc.integer({ min: -2, max: 30 }),
    h: fc.integer({ min: -2, max: 12 }),
  });
  const grid = Array.from({ length: 9 }, (_, i) => at(i + 1, (i % 3) * 8, Math.floor(i / 3) * 5, 8, 5));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), pos), { maxLength: 6 }), (moves) => {
      const moved = moves.reduce((source, [id, to]) => movePanel(source, id, to), board(...grid));
      const all = (moved.panels as { gridPos: unknown }[]).map(({ gridPos }) => parseGridPos(gridPos));
      for (const [i, a] of all.entries()) {
        for (const b of all.slice(i + 1)) {
          expect([a, b, a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h]).toEqual([
            a,
            b,
            false,
          ]);
        }
      }
    }),
  );
});
