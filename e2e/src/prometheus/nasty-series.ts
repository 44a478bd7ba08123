import type { TestSeries, ValueAt } from './test-series.js';
import { counterOf, createSeries, gaugeOf, STALE, withGaps } from './test-series.js';

/** Series that are out of the ordinary: special numbers, gaps, ends, odd labels and odd histograms. */
export function nastySeries(): TestSeries[] {
  return [...values(), ...shapes(), ...labels(), ...joins(), ...histograms()];
}

const SPECIALS = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2.2250738585072014e-308,
  -2.5,
  1e308,
];

function values(): TestSeries[] {
  const gauges: Record<string, ValueAt> = {
    specials: (i) => SPECIALS[i % SPECIALS.length],
    nan: () => Number.NaN,
    infinite: () => Number.POSITIVE_INFINITY,
    negative_infinite: () => Number.NEGATIVE_INFINITY,
    infinite_at_times: (i) => (i % 9 === 4 ? Number.POSITIVE_INFINITY : i),
    nan_at_times: (i) => (i % 5 === 0 ? Number.NaN : i % 11),
    zero: () => 0,
    negative_zero: () => -0,
    constant: () => 42,
    large: (i) => 1e300 * (i % 3),
    small: (i) => 1e-300 * (i % 4),
    rounding: (i) => 0.1 * i,
    halves: (i) => (i % 7) - 3.5,
    negative: gaugeOf(11, -100, 40),
    whole_beyond_53_bits: (i) => 2 ** 53 + i * 2,
    falling: (i) => 10_000 - i * 3,
  };
  return Object.entries(gauges).map(([kind, valueAt]) => createSeries({ __name__: 'nasty_gauge', kind }, valueAt));
}

function shapes(): TestSeries[] {
  // No two are ever equal: `topk` may take either then.
  const counter = (seed: number): ValueAt => {
    const whole = counterOf(seed, 10, 31);
    return (i) => Number(whole(i)) + seed / 16;
  };
  const both = (kind: string, valueAt: ValueAt, options?: { intervalMs?: number; phaseMs?: number }): TestSeries =>
    createSeries({ __name__: 'nasty_shape_total', kind }, valueAt, options);
  const only = (from: number, to: number, inner: ValueAt): ValueAt => {
    return (i) => {
      const value = inner(i);
      return i >= from && i < to ? value : undefined;
    };
  };
  return [
    both('steady', counter(1)),
    both('gaps', withGaps(5, 0.05, counter(2))),
    both('many gaps', withGaps(6, 0.3, counter(3))),
    both('one sample', only(120, 121, counter(4))),
    both('two samples', only(120, 122, counter(5))),
    both('begins late', only(170, 1000, counter(6))),
    both('ends early', only(0, 200, counter(7))),
    both('ends with a marker', (i) => (i < 150 ? i * 3 : i === 150 ? STALE : undefined)),
    both('comes and goes', (i) => (i % 40 < 20 ? i : i % 40 === 20 ? STALE : undefined)),
    both('markers between', (i) => (i % 3 === 1 ? STALE : i)),
    both('markers only', () => STALE),
    both('begins with a marker', (i) => (i === 0 ? STALE : i)),
    both('often', counter(8), { intervalMs: 5000, phaseMs: 1500 }),
    both('seldom', counter(9), { intervalMs: 290_000 }),
    both('very seldom', counter(10), { intervalMs: 900_000 }),
    both('resets each time', (i) => 1000 - (i % 500)),
    both('stands', () => 17),
    both(
      'begins at zero',
      only(180, 1000, (i) => i - 180),
    ),
    both(
      'begins above zero',
      only(175, 1000, (i) => (i - 175) * 2 + 1),
    ),
  ];
}

function labels(): TestSeries[] {
  const odd: readonly (readonly [string, string])[] = [
    ['unicode', 'größe ☃ 日本 😀'],
    ['quotes', 'a"b\\c\'d`e'],
    ['newline', 'first\nsecond\ttab'],
    ['empty', ''],
    ['spaces', '  '],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a group of a replacement, should a server take it for one.
    ['dollar', '$1 ${2} $$'],
    ['regex', 'a.b*c+(d)[e]{f}|^$'],
    ['long', 'x'.repeat(900)],
    ['comma', 'a,b=c}'],
    ['number', '1.5e3'],
    ['upper', 'ABC'],
    ['lower', 'abc'],
    ['host', 'host-12:9090'],
    ['path', '/api/v1/../x?y=z&w'],
  ];
  return odd.map(([kind, value], i) =>
    createSeries({ __name__: 'nasty_label', kind, ...(value === '' ? {} : { value }) }, () => i + 1),
  );
}

/** Two sides to join: errors by code, calls by method, versions by instance. */
function joins(): TestSeries[] {
  const all: TestSeries[] = [];
  for (const [at, method] of ['get', 'put', 'del', 'post'].entries()) {
    for (const [other, code] of ['404', '500', '501'].entries()) {
      if ((at + other) % 4 === 3) continue;
      all.push(createSeries({ __name__: 'join_errors_total', method, code }, counterOf(at * 10 + other, 5)));
    }
    if (method !== 'post') all.push(createSeries({ __name__: 'join_calls_total', method }, counterOf(at + 40, 90)));
  }
  for (const [at, instance] of ['a:1', 'b:1', 'c:1'].entries()) {
    all.push(createSeries({ __name__: 'join_version_info', instance, version: `v${at % 2}` }, () => 1));
    for (const disk of ['sda', 'sdb']) {
      const name = { __name__: 'join_disk_bytes', instance, disk };
      all.push(createSeries(name, withGaps(at + 60, 0.04, gaugeOf(at + 50, 1e6, 1e5))));
    }
  }
  // Two versions at once for a while: a join with them is ambiguous then, and only then.
  const twice = (i: number) => (i > 200 && i < 220 ? 1 : undefined);
  all.push(createSeries({ __name__: 'join_version_info', instance: 'c:1', version: 'v9' }, twice));
  return all;
}

function histograms(): TestSeries[] {
  const all: TestSeries[] = [];
  const add = (kind: string, buckets: Readonly<Record<string, ValueAt>>): void => {
    for (const [le, valueAt] of Object.entries(buckets)) {
      all.push(createSeries({ __name__: 'nasty_bucket', kind, le }, valueAt));
    }
  };
  const times = (factor: number): ValueAt => {
    return (i) => i * factor;
  };
  add('plain', { '0.1': times(1), '0.5': times(4), '1': times(6), '+Inf': times(8) });
  add('no infinity', { '0.1': times(1), '1': times(5) });
  add('only infinity', { '+Inf': times(3) });
  add('empty', { '0.1': times(0), '1': times(0), '+Inf': times(0) });
  add('not monotonic', { '0.1': times(5), '0.5': times(4), '1': times(6), '+Inf': times(6) });
  add('negative bounds', { '-10': times(1), '-1': times(3), '0': times(4), '10': times(7), '+Inf': times(9) });
  add('odd bounds', { '1e-1': times(1), '1.0': times(2), '01e1': times(5), '+Inf': times(6) });
  add('same bound twice', { '1': times(2), '1.0': times(3), '2': times(6), '+Inf': times(7) });
  add('bound of letters', { '1': times(2), abc: times(3), '+Inf': times(7) });
  add('all in the last', { '1': times(0), '+Inf': times(5) });
  add('resets', { '1': (i) => (i % 50) * 2, '+Inf': (i) => (i % 50) * 3 });
  add('nan', { '1': times(2), '2': () => Number.NaN, '+Inf': times(7) });
  return all;
}
