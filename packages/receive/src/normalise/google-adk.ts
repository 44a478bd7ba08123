import type { AttributeValue, MessagePart } from '@vedetta/model';
import { foldFinishReason } from '@vedetta/model';
import { toMessages } from './message-list.js';
import { toPart } from './message-part.js';
import type { Rule } from './rule.js';
import type { Tree } from './values.js';
import { isTree, toCount, toObject, toText, toTree } from './values.js';

const PREFIX = 'gcp.vertex.agent.';

/** Google's Agent Development Kit: whole requests and responses of Gemini as JSON under `gcp.vertex.agent.*`. */
export const googleAdkRule: Rule = {
  name: 'google_adk',
  keys: [PREFIX],
  apply(span, draft) {
    const { attributes } = span;
    const request = toObject(attributes[`${PREFIX}llm_request`]);
    const response = toObject(attributes[`${PREFIX}llm_response`]);
    if (request !== undefined && Object.keys(request).length > 0) {
      draft.set('operation', 'chat');
      draft.set('requestModel', toText(request.model));
      const config = isTree(request.config) ? request.config : {};
      const system = instructions(config.system_instruction);
      const messages = toMessages(request.contents, 'user');
      draft.set('systemInstructions', system);
      if (messages !== undefined) {
        draft.set('inputMessages', system === undefined ? messages : [{ role: 'system', parts: system }, ...messages]);
      }
      draft.set('toolDefinitions', declarations(config.tools));
    }
    if (response !== undefined && Object.keys(response).length > 0) {
      draft.set('outputMessages', toMessages(response, 'assistant'));
      const reason = toText(response.finish_reason);
      draft.set('finishReasons', reason === undefined ? undefined : [foldFinishReason(reason)]);
      if (isTree(response.usage_metadata)) {
        const usage = response.usage_metadata;
        draft.count('inputTokens', sum(usage, 'prompt_token_count', 'tool_use_prompt_token_count'));
        draft.count('outputTokens', sum(usage, 'candidates_token_count', 'thoughts_token_count'));
        draft.count('cacheReadTokens', toCount(usage.cached_content_token_count));
        draft.count('reasoningTokens', toCount(usage.thoughts_token_count));
        draft.count('statedTotalTokens', toCount(usage.total_token_count));
      }
    }
    draft.set('toolCallArguments', toTree(attributes[`${PREFIX}tool_call_args`]));
    draft.set('toolCallResult', toTree(attributes[`${PREFIX}tool_response`]));
    draft.fact('sessionId', toText(attributes[`${PREFIX}session_id`]));
  },
};

/** Gemini counts tool use beside the prompt and thoughts beside the answer; GenAI totals include them. */
function sum(usage: Tree, main: string, extra: string): number | undefined {
  const total = toCount(usage[main]);
  return total === undefined ? undefined : total + (toCount(usage[extra]) ?? 0);
}

function instructions(value: AttributeValue | undefined): MessagePart[] | undefined {
  if (value === undefined || value === null) return undefined;
  const parts = isTree(value) && Array.isArray(value.parts) ? (value.parts as readonly AttributeValue[]) : [value];
  const found = parts.flatMap((part) => toPart(part) ?? []);
  return found.length === 0 ? undefined : found;
}

function declarations(tools: AttributeValue | undefined): readonly AttributeValue[] | undefined {
  if (!Array.isArray(tools)) return undefined;
  return (tools as readonly AttributeValue[]).flatMap((tool) => {
    const list = isTree(tool) ? (tool.function_declarations ?? tool.functionDeclarations) : undefined;
    return Array.isArray(list) ? (list as readonly AttributeValue[]) : [tool];
  });
}
