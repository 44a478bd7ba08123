import type { RawSpan } from '@vedetta/model';
import type { Draft } from './draft.js';
import { messagesOfEventList } from './gen-ai-events.js';
import { toMessages } from './message-list.js';
import type { Rule } from './rule.js';
import { toAmount, toList, toObject, toText, toTree } from './values.js';

/** Pydantic AI and Logfire: messages as one list, on agent runs all of them, tools by `tool_arguments`. */
export const pydanticAiRule: Rule = {
  name: 'pydantic_ai',
  keys: [
    'pydantic_ai.',
    'all_messages_events',
    'model_request_parameters',
    'tool_arguments',
    'tool_response',
    'final_result',
    'operation.cost',
    'logfire.',
  ],
  scopes: ['pydantic-ai'],
  apply(span, draft) {
    const { attributes } = span;
    const agent = toText(attributes['gen_ai.agent.name'] ?? attributes.agent_name);
    if (agent !== undefined && draft.get('operation') === undefined) draft.set('operation', 'invoke_agent');
    if (draft.get('operation') === 'invoke_agent') draft.set('requestModel', toText(attributes.model_name));
    draft.set('agentName', agent);
    draft.set('toolCallArguments', toTree(attributes.tool_arguments));
    draft.set('toolCallResult', toTree(attributes.tool_response));
    const parameters = toObject(attributes.model_request_parameters);
    const tools = toList(parameters?.function_tools);
    if (tools !== undefined && tools.length > 0) draft.set('toolDefinitions', tools);
    draft.set('suppliedCostUsd', toAmount(attributes['operation.cost']));
    if (span.origin.scopeName === 'pydantic-ai' || agent !== undefined) stateMessages(span, draft);
  },
};

function stateMessages({ attributes }: RawSpan, draft: Draft): void {
  const events = toList(attributes.events ?? attributes.all_messages_events);
  if (events !== undefined && events.length > 0) {
    const { input, output } = messagesOfEventList(events);
    if (output.length > 0) {
      draft.set('inputMessages', input);
      draft.set('outputMessages', output);
    } else splitAtAnswer(input, draft);
  }
  const all = toMessages(attributes['pydantic_ai.all_messages'], 'user');
  if (all !== undefined) splitAtAnswer(all, draft);
  const result = attributes.final_result;
  if (result !== undefined) draft.set('outputMessages', toMessages(result, 'assistant'));
}

/** A whole run is one list: its last assistant message is the answer, what came before is the input. */
function splitAtAnswer(messages: NonNullable<ReturnType<typeof toMessages>>, draft: Draft): void {
  const last = messages.at(-1);
  const answered = last?.role === 'assistant';
  draft.set('inputMessages', answered ? messages.slice(0, -1) : messages);
  if (answered) draft.set('outputMessages', [last]);
}
