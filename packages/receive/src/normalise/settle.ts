import type { GenAiFacts, RawSpan } from '@vedetta/model';
import { LLM_CALL_OPERATIONS } from '@vedetta/model';
import type { Draft } from './draft.js';
import { stateOfError } from './error-state.js';
import { inferModality } from './modality.js';

/** Draws the conclusions that need all rules' findings, and gives the GenAI facts; `undefined` when there are none. */
export function settle(span: RawSpan, draft: Draft): GenAiFacts | undefined {
  if (draft.hasGenAi) {
    draft.dialect = 'gen_ai';
    settleOperation(draft);
    settleCache(draft);
    settleAggregate(draft);
    settleFinish(draft);
  }
  const genAi = draft.toGenAi();
  if (genAi !== undefined) {
    draft.fact('modality', inferModality(genAi));
    draft.fact('stream', genAi.stream);
  }
  const { errorType, errorMessage } = draft.facts;
  if (span.statusCode === 2 || errorType !== undefined) {
    draft.fact('state', stateOfError(errorType ?? '', errorMessage ?? ''));
  }
  return genAi;
}

/** Some senders name no operation: what a span holds tells a tool's run and a model call. */
function settleOperation(draft: Draft): void {
  if (draft.get('operation') !== undefined) return;
  if (draft.get('toolName') !== undefined) draft.set('operation', 'execute_tool');
  else if (draft.get('agentName') !== undefined || draft.get('workflowName') !== undefined) return;
  else if (draft.get('requestModel') !== undefined || draft.get('responseModel') !== undefined) {
    const called =
      draft.hasUsage ||
      draft.get('inputMessages') !== undefined ||
      draft.get('finishReasons') !== undefined ||
      draft.get('responseId') !== undefined;
    if (called) draft.set('operation', 'chat');
  }
}

/**
 * GenAI totals include cached tokens. A sender whose cached tokens exceed its input left them out of it, so they are added;
 * where a total was stated the sum shows that it is right.
 */
function settleCache(draft: Draft): void {
  if (draft.cacheSettled) return;
  const { inputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 } = draft.usage;
  const cached = cacheReadTokens + cacheWriteTokens;
  if (inputTokens !== undefined && cached > inputTokens) draft.recount('inputTokens', inputTokens + cached, true);
}

/** Usage on a span that calls no model is the sum of its children's, and totals must leave it out. */
function settleAggregate(draft: Draft): void {
  if (draft.hasUsage && !LLM_CALL_OPERATIONS.has(draft.get('operation') ?? '')) draft.aggregate = true;
}

/** What a choice ended with is stated beside the messages or in them; it is the same fact, so each gets it from the other. */
function settleFinish(draft: Draft): void {
  const messages = draft.get('outputMessages');
  if (messages === undefined) return;
  const reasons = draft.get('finishReasons');
  if (reasons === undefined) {
    const stated = messages.flatMap(({ finish_reason }) => finish_reason ?? []);
    if (stated.length > 0) draft.set('finishReasons', stated);
  } else if (reasons.length === messages.length && messages.every(({ finish_reason }) => finish_reason === undefined)) {
    draft.replaceOutput(messages.map((message, i) => ({ ...message, finish_reason: reasons[i] ?? 'stop' })));
  }
}
