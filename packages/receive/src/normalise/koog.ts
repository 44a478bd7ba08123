import type { Rule } from './rule.js';
import { toTree } from './values.js';

/** JetBrains Koog writes the GenAI conventions, but a tool's arguments and result as `input.value` and `output.value`. */
export const koogRule: Rule = {
  name: 'koog',
  keys: ['koog.'],
  scopes: ['ai.koog'],
  apply({ attributes }, draft) {
    if (attributes['gen_ai.tool.name'] === undefined) return;
    draft.set('operation', 'execute_tool');
    draft.set('toolCallArguments', toTree(attributes['input.value']));
    draft.set('toolCallResult', toTree(attributes['output.value']));
  },
};
