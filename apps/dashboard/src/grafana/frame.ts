/** A column of a frame, all columns as long as each other. */
export interface Field {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: 'time' | 'number' | 'text';
  /** Times are milliseconds since the epoch; `null` is no value. */
  readonly values: readonly (number | string | null)[];
  /** The legend that the query gives it; empty for its labels. */
  readonly legend: string;
  /** Upper bound of the bucket, of what is one. */
  readonly upperBound?: number;
}

/** A table of what a query answered. */
export interface Frame {
  readonly refId: string;
  readonly fields: readonly Field[];
}

/** One series of an answer, values beside their times. */
export interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** What a query says about the form of its answer. */
export interface AnswerForm {
  readonly refId: string;
  readonly format: 'time_series' | 'table' | 'heatmap';
  readonly legendFormat: string;
  /** The panel has several queries: their values need names that differ. */
  readonly several: boolean;
  /** Times that a range has, so that gaps are seen; absent for an instant. */
  readonly grid?: { readonly startMs: number; readonly endMs: number; readonly stepMs: number };
}

/** Frames of an answer: one a series, or one table. */
export function toFrames(series: readonly AnsweredSeries[], form: AnswerForm): readonly Frame[] {
  switch (form.format) {
    case 'table':
      return series.length === 0 ? [] : [toTable(series, form)];
    case 'heatmap':
      return toBuckets(series, form);
    case 'time_series':
      return series.map((one) => ({ refId: form.refId, fields: timeFields(one, form) }));
  }
}

function timeFields(series: AnsweredSeries, form: AnswerForm): readonly Field[] {
  const { times, values } = onGrid(series, form.grid);
  const name = series.labels.__name__ ?? 'Value';
  return [
    { name: 'Time', labels: {}, kind: 'time', values: times, legend: '' },
    { name, labels: series.labels, kind: 'number', values, legend: legendOf(series.labels, form) },
  ];
}

/** Values on every step of the range, `null` where there is none: a line must not run over a gap. */
function onGrid(series: AnsweredSeries, grid: AnswerForm['grid']): { times: number[]; values: (number | null)[] } {
  if (grid === undefined) {
    return { times: Array.from(series.timesMs), values: Array.from(series.values) };
  }
  const count = Math.floor((grid.endMs - grid.startMs) / grid.stepMs) + 1;
  const times = Array.from({ length: count }, (_, i) => grid.startMs + i * grid.stepMs);
  const values = new Array<number | null>(count).fill(null);
  for (let i = 0; i < series.timesMs.length; i++) {
    const at = Math.round(((series.timesMs[i] ?? 0) - grid.startMs) / grid.stepMs);
    if (at >= 0 && at < count) values[at] = series.values[i] ?? null;
  }
  return { times, values };
}

function toTable(series: readonly AnsweredSeries[], { refId, several }: AnswerForm): Frame {
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))]
    .filter((name) => name !== '__name__')
    .sort();
  const times: number[] = [];
  const values: number[] = [];
  const columns = names.map((): (string | null)[] => []);
  for (const one of series) {
    for (let i = 0; i < one.timesMs.length; i++) {
      times.push(one.timesMs[i] ?? 0);
      values.push(one.values[i] ?? Number.NaN);
      for (const [c, name] of names.entries()) columns[c]?.push(one.labels[name] ?? null);
    }
  }
  const plain = { labels: {}, legend: '' };
  return {
    refId,
    fields: [
      { ...plain, name: 'Time', kind: 'time', values: times },
      ...names.map((name, c): Field => ({ ...plain, name, kind: 'text', values: columns[c] ?? [] })),
      { ...plain, name: several ? `Value #${refId}` : 'Value', kind: 'number', values },
    ],
  };
}

/** Buckets of a classic histogram by their upper bound, each without what those before it count. */
function toBuckets(series: readonly AnsweredSeries[], form: AnswerForm): readonly Frame[] {
  const bound = ({ labels }: AnsweredSeries) => readBound(labels.le ?? '');
  const sorted = series.toSorted((a, b) => bound(a) - bound(b));
  let before: readonly (number | string | null)[] = [];
  return sorted.map((one) => {
    const [time, value] = timeFields(one, form) as [Field, Field];
    const current = value.values;
    const values = current.map((count, i) =>
      typeof count === 'number' ? Math.max(0, count - (typeof before[i] === 'number' ? before[i] : 0)) : null,
    );
    before = current;
    const upperBound = bound(one);
    return {
      refId: form.refId,
      fields: [
        time,
        { ...value, values, upperBound, ...(form.legendFormat === '' && { legend: one.labels.le ?? '' }) },
      ],
    };
  });
}

function readBound(text: string): number {
  return text === '+Inf' || text === 'Inf' ? Number.POSITIVE_INFINITY : Number(text);
}

function legendOf(labels: Readonly<Record<string, string>>, { legendFormat }: AnswerForm): string {
  if (legendFormat === '' || legendFormat === '__auto') return '';
  return legendFormat.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, name: string) =>
    Object.hasOwn(labels, name) ? (labels[name] ?? '') : '',
  );
}

/** `{a="b", c="d"}` behind the metric's name. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).filter(([name]) => name !== '__name__');
  const text = pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ');
  const metric = labels.__name__ ?? '';
  if (text === '') return metric;
  return `${metric}{${text}}`;
}
