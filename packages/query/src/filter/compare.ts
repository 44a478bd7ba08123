import type { FilterField, FilterNode, FilterOperator } from '@vedetta/model';
import { FILTER_FIELDS, MODALITIES, REQUEST_STATUSES } from '@vedetta/model';
import { FilterSyntaxError } from './tokenise.js';

const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** One comparison of the tree from a field, an operator and a value; throws {@link FilterSyntaxError} when they do not fit. */
export function toCompare(
  field: FilterField,
  operator: '' | FilterOperator,
  value: { readonly text: string; readonly start: number },
): FilterNode {
  const type = FILTER_FIELDS[field];
  switch (type) {
    case 'string':
      return stringCompare(field, operator, value);
    case 'boolean':
      if (operator !== '' || (value.text !== 'true' && value.text !== 'false')) {
        throw new FilterSyntaxError(`${field} is true or false, as in ${field}:true`, value.start);
      }
      return { kind: 'compare', field, operator: '=', value: value.text === 'true' };
    case 'number':
    case 'duration': {
      if (operator === '~') throw new FilterSyntaxError(`~ searches in texts; ${field} is a ${type}`, value.start);
      const number = type === 'number' ? toNumber(field, value) : toDurationMs(field, value);
      return { kind: 'compare', field, operator: operator === '' ? '=' : operator, value: number };
    }
  }
}

function stringCompare(
  field: FilterField,
  operator: '' | FilterOperator,
  value: { readonly text: string; readonly start: number },
): FilterNode {
  if (operator !== '' && operator !== '~') {
    throw new FilterSyntaxError(`${field} is a text and has no order; write ${field}:${value.text}`, value.start);
  }
  if (field === 'status' && operator === '' && !(REQUEST_STATUSES as readonly string[]).includes(value.text)) {
    throw new FilterSyntaxError(
      `there is no status "${value.text}"; a status is ${REQUEST_STATUSES.join(', ')}`,
      value.start,
    );
  }
  return { kind: 'compare', field, operator: operator === '' ? '=' : '~', value: value.text };
}

function toNumber(field: FilterField, value: { readonly text: string; readonly start: number }): number {
  const match = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(value.text);
  if (match === null)
    throw new FilterSyntaxError(`${field} is a number, as in ${field}:>1000; "${value.text}" is none`, value.start);
  return Number(match[1]) * (match[2] === 'k' ? 1000 : match[2] === 'M' ? 1_000_000 : 1);
}

function toDurationMs(field: FilterField, value: { readonly text: string; readonly start: number }): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m|h|d)$/.exec(value.text);
  if (match === null) {
    throw new FilterSyntaxError(
      `${field} is a duration with its unit, as in ${field}:>2s or ${field}:<300ms; "${value.text}" is none`,
      value.start,
    );
  }
  return Number(match[1]) * UNIT_MS[match[2]!]!;
}

/** Values worth suggesting for a field, whatever is stored. */
export function knownValues(field: FilterField): readonly string[] {
  if (field === 'status') return REQUEST_STATUSES;
  if (field === 'modality') return MODALITIES;
  return FILTER_FIELDS[field] === 'boolean' ? ['true', 'false'] : [];
}
