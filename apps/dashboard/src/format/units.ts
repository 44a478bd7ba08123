import type { LlmCall } from '@vedetta/client';
import { formatCount } from './format.js';

type Units = NonNullable<LlmCall['billed_units']>;

const KINDS = [
  ['input_images', 'picture read', 'pictures read'],
  ['output_images', 'picture', 'pictures'],
  ['input_seconds', 'second in', 'seconds in'],
  ['output_seconds', 'second out', 'seconds out'],
  ['input_characters', 'character in', 'characters in'],
  ['output_characters', 'character out', 'characters out'],
  ['search_units', 'search', 'searches'],
  ['web_searches', 'web search', 'web searches'],
  ['pages', 'page', 'pages'],
] as const satisfies readonly (readonly [keyof Units, string, string])[];

/** What a call is billed for beside tokens, as `2 pictures (1024x1792, hd)`; `~` before what was estimated. */
export function formatUnits(units: Units): string {
  const mark = units.units_source === 'estimated' ? '~' : '';
  const counts = KINDS.flatMap(([name, one, many]) => {
    const count = units[name];
    return count === undefined ? [] : [`${mark}${amount(count)} ${count === 1 ? one : many}`];
  });
  const format = [units.image_size, units.image_quality].filter((word) => word !== undefined).join(', ');
  return `${counts.join(', ')}${format === '' ? '' : ` (${format})`}`;
}

/** Seconds may be fractions, of which two digits are enough. */
function amount(count: number): string {
  return Number.isInteger(count) ? formatCount(count) : String(Number(count.toFixed(2)));
}
