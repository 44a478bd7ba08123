import { asList, asNumber, asObject, asText, asTexts, member } from './json.js';
import type { Transformation } from './model.js';
import type { Note } from './parse-field-config.js';
import { safePattern } from './safe-pattern.js';

/** `transformations`; one that is not known is named, and those after it are not applied, since they build on it. */
export function parseTransformations(value: unknown, note: Note): readonly Transformation[] {
  const transformations: Transformation[] = [];
  for (const one of asList(value)) {
    if (member(one, 'disabled') === true) continue;
    const id = asText(member(one, 'id'));
    const parsed = parseOne(id, member(one, 'options'));
    if (parsed === undefined) {
      note(`The transformation "${id}" and those after it are not applied.`);
      break;
    }
    transformations.push(parsed);
  }
  return transformations;
}

function parseOne(id: string, options: unknown): Transformation | undefined {
  switch (id) {
    case 'merge':
      return { kind: 'merge' };
    case 'organize':
      return {
        kind: 'organize',
        exclude: new Set(
          entries(options, 'excludeByName').flatMap(([name, excluded]) => (excluded === true ? [name] : [])),
        ),
        order: new Map(entries(options, 'indexByName').map(([name, index]) => [name, asNumber(index) ?? 0])),
        rename: new Map(entries(options, 'renameByName').map(([name, text]) => [name, asText(text)])),
      };
    case 'filterFieldsByName': {
      const include = member(options, 'include');
      if (member(options, 'exclude') !== undefined) return undefined;
      const names = asTexts(member(include, 'names'));
      const text = asText(member(include, 'pattern'));
      const pattern = safePattern(text);
      if (text !== '' && pattern === undefined) return undefined;
      return { kind: 'filter', names: names.length === 0 ? undefined : new Set(names), pattern };
    }
    case 'filterByRefId': {
      const [include, exclude] = [asText(member(options, 'include')), asText(member(options, 'exclude'))];
      const refIds = (include || exclude).split('|').filter((part) => part !== '');
      return { kind: 'filter-queries', refIds: new Set(refIds), keep: include !== '' };
    }
    case 'sortBy': {
      const first = asList(member(options, 'sort'))[0];
      return { kind: 'sort', field: asText(member(first, 'field')), descending: member(first, 'desc') === true };
    }
    case 'limit':
      return { kind: 'limit', count: Math.max(0, asNumber(member(options, 'limitField')) ?? 10) };
    case 'labelsToFields':
      return member(options, 'mode') === 'rows' || member(options, 'valueLabel') !== undefined
        ? undefined
        : { kind: 'labels-to-fields' };
    case 'seriesToRows':
      return { kind: 'series-to-rows' };
    case 'reduce': {
      if (member(options, 'mode') === 'reduceFields') return undefined;
      const calcs = asTexts(member(options, 'reducers'));
      return { kind: 'reduce', calcs: calcs.length === 0 ? ['max'] : calcs };
    }
    default:
      return undefined;
  }
}

function entries(options: unknown, key: string): [string, unknown][] {
  return Object.entries(asObject(member(options, key)) ?? {});
}
