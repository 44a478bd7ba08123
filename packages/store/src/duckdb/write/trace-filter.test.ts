import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { traceId } from '../../contract/span-maker.js';
import { TraceFilter } from './trace-filter.js';

const COUNT = 200_000;

describe('the filter of stored traces', () => {
  it.each([
    ['random', () => randomBytes(16).toString('hex')],
    ['counting', (n: number) => traceId(n + 1)],
    ['high half only', (n: number) => `${(n + 1).toString(16).padStart(16, '0')}0000000000000000`],
  ])('never forgets a %s trace and hardly ever makes one up', (_, makeId) => {
    const filter = new TraceFilter();
    const ids = Array.from({ length: COUNT * 2 }, (_unused, n) => makeId(n));
    const stored = ids.slice(0, COUNT);
    for (const id of stored) filter.add(id);
    expect(stored.every((id) => filter.mayHave(id))).toBe(true);
    const madeUp = ids.slice(COUNT).filter((id) => filter.mayHave(id)).length;
    expect(madeUp / COUNT).toBeLessThan(0.001);
  });

  it('knows ids that were added as the engine holds them', () => {
    const filter = new TraceFilter();
    const ids = Array.from({ length: 100 }, () => randomBytes(16));
    filter.addVector(
      Buffer.concat(
        ids.map((id) => {
          const uuid = Buffer.from(id).reverse();
          uuid[15]! ^= 0x80;
          return uuid;
        }),
      ),
    );
    expect(ids.every((id) => filter.mayHave(id.toString('hex')))).toBe(true);
    expect(filter.mayHave(randomBytes(16).toString('hex'))).toBe(false);
  });
});
