import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Labels } from './labels.js';
import { LabelsTable } from './labels-table.js';

const pair = fc.tuple(fc.string({ maxLength: 3 }), fc.string({ minLength: 1, maxLength: 3 }));
const operation = fc.record({ labels: fc.array(pair, { maxLength: 3 }), remove: fc.boolean() });

it('finds what a map by text finds, through additions and removals', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const all: Labels[] = [];
      const table = new LabelsTable((id) => all[id]);
      const map = new Map<string, number>();
      for (const { labels, remove } of operations) {
        const key = JSON.stringify(labels);
        expect(table.find(labels)).toBe(map.get(key));
        const known = map.get(key);
        if (known !== undefined && remove) {
          table.remove(labels, known);
          map.delete(key);
        } else if (known === undefined) {
          all.push(labels);
          table.add(labels, all.length - 1);
          map.set(key, all.length - 1);
        }
      }
      for (const [key, id] of map) expect(table.find(JSON.parse(key) as Labels)).toBe(id);
    }),
  );
});

it('holds many, and forgets them', () => {
  const all: Labels[] = Array.from({ length: 20_000 }, (_, i) => [['n', String(i)]]);
  const table = new LabelsTable((id) => all[id]);
  for (const [id, labels] of all.entries()) table.add(labels, id);
  for (const [id, labels] of all.entries()) if (id % 3 > 0) table.remove(labels, id);
  for (const [id, labels] of all.entries()) expect(table.find([...labels])).toBe(id % 3 > 0 ? undefined : id);
});
