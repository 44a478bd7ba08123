/** A difference between Prometheus 2.42, which Debian has, and the newer one whose language is spoken here. */
export interface KnownDifference {
  readonly name: string;
  readonly reason: string;
  /** The queries that it shows in; each of them must differ. */
  readonly queries: readonly string[];
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    name: 'atan2 and names',
    reason: 'since 3.0 atan2 takes the name of the metric off, as every operator of arithmetic does',
    queries: [
      'demo_memory_usage_bytes atan2 1.2345',
      '(1 * 2 + 4 / 6 - (10%7)^2) atan2 demo_memory_usage_bytes',
      'time() atan2 demo_memory_usage_bytes',
      'nasty_gauge atan2 2.5',
      '2.5 atan2 nasty_gauge',
      'nasty_gauge atan2 nasty_gauge',
      'nasty_shape_total atan2 2.5',
      '2.5 atan2 nasty_shape_total',
      'nasty_shape_total atan2 nasty_shape_total',
    ],
  },
  {
    name: 'names of labels',
    reason: 'since 3.0 any text may be the name of a label',
    queries: ['label_join(demo_num_cpus, "~invalid", "-", "instance")'],
  },
  {
    name: 'the point matches a line feed',
    reason: 'since 3.0 regular expressions are read with the flag s',
    queries: ['nasty_label{value!~".+"}', 'label_replace(nasty_label, "kind", "same", "value", ".*")'],
  },
  {
    name: 'durations are numbers',
    reason: 'since 3.0 a duration may stand where a number may',
    queries: ['5m', 'nasty_gauge @ 5m'],
  },
  {
    name: 'deviations of what is infinite',
    reason: 'since 3.0 the deviation of an infinite number is no number, rather than 0',
    queries: ['stddev by (kind) (nasty_gauge)', 'stdvar by (kind) (nasty_gauge)'],
  },
  {
    name: 'deviations of what becomes infinite',
    reason: 'since 3.0 sums that become infinite do not become NaN by the correction of what rounding lost',
    queries: ['45s', '5m', '33m'].flatMap((range) => [
      `stddev_over_time(nasty_gauge[${range}])`,
      `stdvar_over_time(nasty_gauge[${range}])`,
    ]),
  },
  {
    name: 'a date of no number',
    reason: 'Go makes of NaN what the processor makes of it: on amd64 the year 292277026596; here it stays NaN',
    queries: ['day_of_year(vector(NaN))'],
  },
];
