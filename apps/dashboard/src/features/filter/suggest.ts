import { FILTER_FIELDS } from '@vedetta/model';
import { knownValues } from '@vedetta/query';

/** What may be written next, and the text with it. */
export interface Suggestion {
  readonly label: string;
  readonly hint: string;
  readonly text: string;
}

const HINTS: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  duration: '>2s, <300ms',
  number: '>1000, <2k',
};

/**
 * Suggestions for the last word of a filter: fields while a word is written, known values after the field's colon.
 * None inside quotes, where anything is text.
 */
export function suggest(text: string): readonly Suggestion[] {
  if ((text.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1) return [];
  const match = /(?:^|[\s(])(-?)([a-z_]*)(?::([^\s()]*))?$/.exec(text);
  if (match === null) return [];
  const [, sign = '', word = '', value] = match;
  const before = text.slice(0, text.length - sign.length - word.length - (value === undefined ? 0 : value.length + 1));
  if (value === undefined) {
    if (word === '') return [];
    return Object.entries(FILTER_FIELDS)
      .filter(([field]) => field.startsWith(word))
      .map(([field, type]) => ({
        label: `${sign}${field}:`,
        hint: HINTS[type] ?? type,
        text: `${before}${sign}${field}:`,
      }));
  }
  if (!Object.hasOwn(FILTER_FIELDS, word)) return [];
  const values = value.split(',');
  const last = values.at(-1) ?? '';
  const head = [...values.slice(0, -1), ''].join(',');
  return knownValues(word as keyof typeof FILTER_FIELDS)
    .filter((known) => known.startsWith(last) && known !== last && !values.includes(known))
    .map((known) => ({ label: known, hint: word, text: `${before}${sign}${word}:${head}${known} ` }));
}
