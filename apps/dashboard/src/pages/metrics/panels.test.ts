import { describe, expect, it } from 'vitest';
import { parseSearch, readSearch, writeSearch } from '../../url/search.js';
import type { Panel } from './panels.js';
import { EMPTY_PANEL, hiddenNames, markOf, readPanels, toFilter, writePanels } from './panels.js';

const panel = (change: Partial<Panel>): Panel => ({ ...EMPTY_PANEL, ...change });
/** As the browser keeps them: in an address, and read from it again. */
const throughLink = (panels: readonly Panel[]) => {
  const change = Object.entries(writePanels(panels)).filter(([, value]) => value !== undefined);
  return readPanels(parseSearch(readSearch(writeSearch(Object.fromEntries(change)))));
};

describe('panels in a link', () => {
  it('are one without a query when there are none', () => {
    expect(readPanels({})).toEqual([EMPTY_PANEL]);
  });

  it.each<[string, Panel[]]>([
    ['a query', [panel({ expr: 'rate(x_total{a="b & c"}[5m]) > 2' })]],
    ['a query over lines', [panel({ expr: 'sum(\n  x\n)' })]],
    ['several in their order', [panel({ expr: 'a' }), panel({ expr: 'b', view: 'table' }), panel({ expr: 'c' })]],
    ['one that is empty among others', [panel({ expr: 'a' }), panel({}), panel({ expr: 'c' })]],
    ['one that is off, stacked and has a unit', [panel({ expr: 'a', on: false, stack: true, unit: 'bytes/s' })]],
    ['one with exemplars', [panel({ expr: 'a', exemplars: true, stack: true })]],
    ['what is hidden', [panel({ expr: 'a', filter: { kind: 'hide', marks: ['1a', '2b'] } })]],
  ])('say %s', (_what, panels) => {
    expect(throughLink(panels)).toEqual(panels);
  });

  it('are at most 20', () => {
    expect(throughLink(Array.from({ length: 30 }, (_, i) => panel({ expr: `m${i}` })))).toHaveLength(20);
  });

  it('go where they are taken away', () => {
    expect(writePanels([panel({ expr: 'a' })])).toMatchObject({ expr0: 'a', expr1: undefined, panel1: undefined });
  });

  it('leave out words that mean nothing', () => {
    expect(readPanels({ expr0: 'a', panel0: 'evil,table,unit:,hide:' })).toEqual([panel({ expr: 'a', view: 'table' })]);
  });
});

describe('what is hidden', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];

  it.each([[[]], [['a']], [['a', 'b', 'c', 'd']], [names]])('%j comes back', (hidden) => {
    expect([...hiddenNames(toFilter(new Set(hidden), names), names)].sort()).toEqual(hidden);
  });

  it('is said the shorter way', () => {
    expect(toFilter(new Set(['a', 'b', 'c', 'd']), names)).toEqual({ kind: 'only', marks: [markOf('e')] });
    expect(toFilter(new Set(['a']), names)).toEqual({ kind: 'hide', marks: [markOf('a')] });
  });
});
