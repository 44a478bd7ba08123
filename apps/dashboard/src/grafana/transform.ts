import type { Field, Frame } from './frame.js';
import { labelsText } from './frame.js';
import type { Transformation } from './model.js';
import { reducerOf } from './reduce.js';

type Value = number | string | null;

/** Applies transformations one after the other, as Grafana does. */
export function transform(frames: readonly Frame[], steps: readonly Transformation[]): readonly Frame[] {
  return steps.reduce((current, step) => apply(current, step), frames);
}

/** The name by which transformations and overrides know a field. */
export function fieldName({ legend, name, labels }: Field): string {
  if (legend !== '') return legend;
  const text = labelsText(labels);
  return text === '' ? name : text;
}

function apply(frames: readonly Frame[], step: Transformation): readonly Frame[] {
  switch (step.kind) {
    case 'merge':
      return merge(frames);
    case 'organize':
      return frames.map((frame) => organize(frame, step));
    case 'filter':
      return frames.flatMap((frame) => {
        const fields = frame.fields.filter((field) => {
          const name = fieldName(field);
          if (step.names === undefined && step.pattern === undefined) return true;
          return step.names?.has(name) === true || step.pattern?.test(name) === true;
        });
        return fields.length === 0 ? [] : [{ ...frame, fields }];
      });
    case 'filter-queries':
      return frames.filter(({ refId }) => step.refIds.has(refId) === step.keep);
    case 'sort':
      return frames.map((frame) => sortFrame(frame, step.field, step.descending));
    case 'limit':
      return frames.map((frame) => ({
        ...frame,
        fields: frame.fields.map((field) => ({ ...field, values: field.values.slice(0, step.count) })),
      }));
    case 'labels-to-fields':
      return merge(frames.map(labelsToFields));
    case 'series-to-rows':
      return seriesToRows(frames);
    case 'reduce':
      return [reduceToRows(frames, step.calcs)];
  }
}

/** One table of all: rows that agree in every column they share become one, as long as none says something else. */
export function merge(frames: readonly Frame[]): readonly Frame[] {
  if (frames.length < 2) return frames;
  const columns = new Map<string, Field>();
  for (const { fields } of frames)
    for (const field of fields) if (!columns.has(fieldName(field))) columns.set(fieldName(field), field);
  const shared = [...columns.keys()].filter((name) =>
    frames.every(({ fields }) => fields.some((field) => fieldName(field) === name)),
  );
  const rows: Map<string, Value>[] = [];
  const byKey = new Map<string, Map<string, Value>[]>();
  for (const { fields } of frames) {
    const count = fields[0]?.values.length ?? 0;
    for (let i = 0; i < count; i++) {
      const row = new Map(fields.map((field) => [fieldName(field), field.values[i] ?? null]));
      const key = JSON.stringify(shared.map((name) => row.get(name) ?? null));
      const candidates = byKey.get(key) ?? [];
      byKey.set(key, candidates);
      const fitting = candidates.find((known) =>
        [...row].every(([name, value]) => !known.has(name) || known.get(name) === value),
      );
      if (fitting !== undefined) for (const [name, value] of row) fitting.set(name, value);
      else {
        rows.push(row);
        candidates.push(row);
      }
    }
  }
  const fields = [...columns].map(([name, field]) => ({ ...field, values: rows.map((row) => row.get(name) ?? null) }));
  return [{ refId: frames[0]?.refId ?? '', fields }];
}

function organize(frame: Frame, step: Extract<Transformation, { kind: 'organize' }>): Frame {
  const fields = frame.fields
    .map((field, index) => ({ field, name: fieldName(field), index }))
    .filter(({ name }) => !step.exclude.has(name))
    // What has no place keeps its order behind what has one.
    .toSorted((a, b) => (step.order.get(a.name) ?? 1000 + a.index) - (step.order.get(b.name) ?? 1000 + b.index))
    .map(({ field, name }): Field => {
      const renamed = step.rename.get(name) ?? '';
      return renamed === '' ? field : { ...field, name: renamed, legend: renamed };
    });
  return { ...frame, fields };
}

function sortFrame(frame: Frame, name: string, descending: boolean): Frame {
  const by = frame.fields.find((field) => fieldName(field) === name);
  if (by === undefined) return frame;
  const order = by.values
    .map((_, index) => index)
    .toSorted((a, b) => compareValues(by.values[a] ?? null, by.values[b] ?? null, descending));
  return {
    ...frame,
    fields: frame.fields.map((field) => ({ ...field, values: order.map((i) => field.values[i] ?? null) })),
  };
}

/** Numbers by size, texts by the alphabet, what is not known last in both directions. */
export function compareValues(a: Value, b: Value, descending: boolean): number {
  const [noA, noB] = [isNothing(a), isNothing(b)];
  if (noA || noB) return noA === noB ? 0 : noA ? 1 : -1;
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return descending ? -order : order;
}

function isNothing(value: Value): boolean {
  return value === null || (typeof value === 'number' && Number.isNaN(value));
}

function labelsToFields(frame: Frame): Frame {
  const fields = frame.fields.flatMap((field): Field[] => {
    if (field.kind !== 'number') return [field];
    const labels = Object.entries(field.labels).filter(([name]) => name !== '__name__');
    return [
      ...labels.map(
        ([name, value]): Field => ({
          name,
          labels: {},
          kind: 'text',
          values: field.values.map(() => value),
          legend: '',
        }),
      ),
      { ...field, labels: {}, legend: '', name: field.labels.__name__ ?? field.name },
    ];
  });
  return { ...frame, fields };
}

function seriesToRows(frames: readonly Frame[]): readonly Frame[] {
  const rows = frames.flatMap(({ fields }) => {
    const time = fields.find(({ kind }) => kind === 'time');
    return fields
      .filter(({ kind }) => kind === 'number')
      .flatMap((field) => field.values.map((value, i) => [time?.values[i] ?? null, fieldName(field), value] as const));
  });
  rows.sort((a, b) => Number(b[0]) - Number(a[0]));
  const column = (name: string, kind: Field['kind'], index: 0 | 1 | 2): Field => ({
    name,
    kind,
    labels: {},
    legend: '',
    values: rows.map((row) => row[index]),
  });
  return [
    {
      refId: frames[0]?.refId ?? '',
      fields: [column('Time', 'time', 0), column('Metric', 'text', 1), column('Value', 'number', 2)],
    },
  ];
}

function reduceToRows(frames: readonly Frame[], calcs: readonly string[]): Frame {
  const fields = frames.flatMap((frame) => frame.fields.filter(({ kind }) => kind === 'number'));
  const plain = { labels: {}, legend: '' };
  return {
    refId: frames[0]?.refId ?? '',
    fields: [
      { ...plain, name: 'Field', kind: 'text', values: fields.map(fieldName) },
      ...calcs.flatMap((calc): Field[] => {
        const reducer = reducerOf(calc);
        if (reducer === undefined) return [];
        return [
          { ...plain, name: reducer.name, kind: 'number', values: fields.map(({ values }) => reducer.reduce(values)) },
        ];
      }),
    ],
  };
}
