import { asList, asNumber, asText, member } from './json.js';
import type { Variable, VariableKind } from './model.js';

const KINDS: readonly VariableKind[] = ['query', 'custom', 'interval', 'constant', 'textbox', 'datasource'];
const MAX_VARIABLES = 100;
/** Stands for every option in saved values and addresses. */
export const ALL = '$__all';

/** `templating.list`. Variables without a sound name are left out: nothing can refer to them. */
export function parseVariables(list: unknown, inputs: ReadonlyMap<string, string>): readonly Variable[] {
  return asList(list)
    .slice(0, MAX_VARIABLES)
    .flatMap((value) => {
      const name = asText(member(value, 'name'));
      return /^\w{1,100}$/.test(name) ? [parseVariable(name, value, inputs)] : [];
    });
}

function parseVariable(name: string, value: unknown, inputs: ReadonlyMap<string, string>): Variable {
  const type = asText(member(value, 'type'));
  const kind = KINDS.find((one) => one === type) ?? 'unsupported';
  const definition = member(value, 'query');
  const query = asText(definition) || asText(member(definition, 'query')) || asText(member(value, 'definition'));
  const hide = asNumber(member(value, 'hide')) ?? 0;
  const current = member(member(value, 'current'), 'value');
  return {
    name,
    label: asText(member(value, 'label')) || name,
    kind,
    hide: kind === 'constant' || hide === 2 ? 'all' : hide === 1 ? 'label' : 'none',
    multi: member(value, 'multi') === true,
    includeAll: member(value, 'includeAll') === true,
    allValue: asText(member(value, 'allValue')),
    query: inputs.get(/^\$\{(\w+)\}$/.exec(query)?.[1] ?? '') ?? query,
    regex: asText(member(value, 'regex')),
    sort: asNumber(member(value, 'sort')) ?? 0,
    current: (Array.isArray(current) ? current : current === undefined || current === null ? [] : [current])
      .filter((one) => typeof one === 'string' || typeof one === 'number')
      .map((one) => asText(String(one))),
    note: kind === 'unsupported' ? `Variables of the type "${type}" are not offered.` : '',
  };
}
