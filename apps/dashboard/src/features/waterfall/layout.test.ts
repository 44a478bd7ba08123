import type { Span } from '@vedetta/client';
import { describe, expect, it } from 'vitest';
import { layoutWaterfall, scaleTicks } from './layout.js';

function span(id: string, parent: string, offsetMs: number, durationMs: number | null, more: Partial<Span> = {}): Span {
  return {
    trace_id: '1'.repeat(32),
    span_id: id,
    parent_span_id: parent,
    request_id: 'r',
    name: id,
    kind: 'internal',
    start_time: '2026-11-21T10:00:00.000000Z',
    end_time: null,
    offset_ms: offsetMs,
    duration_ms: durationMs,
    status: 'unset',
    status_message: '',
    service: 's',
    scope_name: '',
    scope_version: '',
    resource: {},
    attributes: {},
    events: [],
    links: [],
    gen_ai: null,
    ...more,
  };
}

function layout(spans: readonly Span[], more: Partial<Parameters<typeof layoutWaterfall>[0]> = {}) {
  return layoutWaterfall({
    request: { duration_ms: 100 },
    spans,
    phases: [],
    events: [],
    nowMs: 0,
    folded: new Set(),
    ...more,
  });
}

const outline = (spans: readonly Span[], more = {}) =>
  layout(spans, more).rows.map((row) => `${'>'.repeat(row.depth)}${row.span.name}`);

describe('layoutWaterfall', () => {
  it('draws a tree in order of start, whatever the order of the spans', () => {
    const spans = [
      span('c', 'b', 60, 10),
      span('b', 'root', 50, 50),
      span('root', '', 0, 100),
      span('a', 'root', 5, 60),
    ];
    expect(outline(spans)).toEqual(['root', '>a', '>b', '>>c']);
  });

  it('places spans to scale, overlapping ones too', () => {
    const { rows } = layout([span('root', '', 0, 100), span('a', 'root', 25, 50), span('b', 'root', 50, 50)]);
    expect(rows.map((row) => [row.startShare, row.widthShare])).toEqual([
      [0, 1],
      [0.25, 0.5],
      [0.5, 0.5],
    ]);
  });

  it('keeps a phase that occurs twice as two rows', () => {
    expect(
      outline([
        span('root', '', 0, 100),
        span('a', 'root', 0, 10, { name: 'retry' }),
        span('b', 'root', 20, 10, { name: 'retry' }),
      ]),
    ).toEqual(['root', '>retry', '>retry']);
  });

  it('lets what runs reach to now', () => {
    const { rows, toMs } = layout([span('root', '', 0, null), span('a', 'root', 100, null)], {
      request: { duration_ms: null },
      nowMs: 400,
    });
    expect(toMs).toBe(400);
    expect(rows[1]).toMatchObject({ running: true, startShare: 0.25, widthShare: 0.75 });
  });

  it('widens the scale for children that outlast the request or start before it', () => {
    const { fromMs, toMs, rows } = layout([span('root', '', 0, 100), span('a', 'root', -50, 200)]);
    expect([fromMs, toMs]).toEqual([-50, 150]);
    expect(rows[0]).toMatchObject({ startShare: 0.25, widthShare: 0.5 });
  });

  it('puts a span without its parent at the top', () => {
    expect(outline([span('root', '', 0, 100), span('orphan', 'elsewhere', 10, 5)])).toEqual(['root', 'orphan']);
  });

  it('shows parents in a circle once each', () => {
    expect(outline([span('a', 'b', 0, 10), span('b', 'a', 1, 10), span('self', 'self', 2, 1)])).toEqual([
      'a',
      '>b',
      'self',
    ]);
  });

  it('hides what is below a folded span', () => {
    const spans = [span('root', '', 0, 100), span('a', 'root', 0, 50), span('b', 'a', 0, 20), span('c', 'b', 0, 5)];
    expect(outline(spans, { folded: new Set(['a']) })).toEqual(['root', '>a']);
  });

  it('leaves out spans that only carry an event or a score', () => {
    const report = (kind: string) => ({ attributes: { 'vedetta.span.kind': kind } });
    expect(
      outline([
        span('root', '', 0, 100),
        span('e', 'root', 5, 0, report('event')),
        span('p', 'root', 5, 0, report('phase')),
      ]),
    ).toEqual(['root', '>p']);
  });

  it('marks events inside the scale', () => {
    const event = { name: 'token', time: '', offset_ms: 50, attributes: { n: 1 } };
    const { rows, markers } = layout([span('root', '', 0, 100, { events: [event] })], {
      events: [{ event_id: 'e', request_id: 'r', event_name: 'late', timestamp: '', offset_ms: 900, data: null }],
    });
    expect(rows[0]?.markers).toEqual([{ name: 'token', share: 0.5, offsetMs: 50, data: { n: 1 } }]);
    expect(markers[0]?.share).toBe(1);
  });

  it('has a scale for no spans and for no length', () => {
    expect(layout([], { request: { duration_ms: 0 } })).toMatchObject({ rows: [], fromMs: 0, toMs: 1 });
  });

  it('takes a chain of 20,000 spans without overflowing the stack', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => span(`s${i}`, i === 0 ? '' : `s${i - 1}`, i / 1000, 1));
    expect(layout(chain).rows.at(-1)?.depth).toBe(19_999);
  });

  it('marks failed spans and phases', () => {
    const spans = [span('root', '', 0, 100, { status: 'error' }), span('a', 'root', 0, 1)];
    const phase = {
      span_id: 'a',
      phase: 'a',
      start_time: '',
      end_time: '',
      offset_ms: 0,
      duration_ms: 1,
      share: 0.01,
      success: false,
      metadata: null,
    };
    expect(layout(spans, { phases: [phase] }).rows.map((row) => row.failed)).toEqual([true, true]);
  });
});

describe('scaleTicks', () => {
  it.each([
    [0, 640, 4, [0, 200, 400, 600]],
    [0, 1, 4, [0, 0.25, 0.5, 0.75, 1]],
    [-50, 150, 4, [-50, 0, 50, 100, 150]],
    [5, 5, 4, []],
  ])('%d to %d', (from, to, count, expected) => {
    expect(scaleTicks(from, to, count)).toEqual(expected);
  });
});
