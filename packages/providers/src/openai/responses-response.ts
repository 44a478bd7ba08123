import type { Usage } from '@vedetta/model';
import type { ChoiceDraft } from '../answer-draft.js';
import { AnswerDraft } from '../answer-draft.js';
import { known } from '../facts.js';
import type { Json } from '../json.js';
import { asList, asName, asObject, asText, base64Size, objectOrNothing } from '../json.js';
import { toPart } from '../parts.js';
import type { ContentKind, ProviderError, ResponseFacts, ResponseReader } from '../provider.js';
import { readError, toError } from '../provider-error.js';
import { withUnits } from '../usage-counts.js';
import { toItemPart } from './responses-items.js';
import { statedCostUsd } from './stated-cost.js';
import { openAiUsage } from './usage.js';

// Statuses after which nothing more comes. `queued` and `in_progress` are answers too: of a response that runs in the background.
const TERMINAL: ReadonlySet<unknown> = new Set(['completed', 'failed', 'incomplete', 'cancelled']);

/**
 * Reads OpenAI's responses. A stream brings the whole response again in its last event; until then, what the deltas brought
 * stands, so that a stream that is cut short has its text. There is no finish reason: the status tells it.
 */
export class ResponsesReader implements ResponseReader {
  #answer = new AnswerDraft();
  #model: string | undefined;
  #id: string | undefined;
  #serviceTier: string | undefined;
  #usage: Usage | undefined;
  #costUsd: number | undefined;
  #webSearches = 0;
  #error: ProviderError | undefined;
  #ended = false;

  document(body: unknown): void {
    this.#error ??= readError(body);
    const response = asObject(body);
    if (response !== undefined) this.#readResponse(response);
    this.#ended = true;
  }

  event(data: unknown): ContentKind {
    const event = asObject(data);
    if (event === undefined) return 'none';
    const type = asName(event.type) ?? '';
    const response = asObject(event.response);
    if (response !== undefined) {
      this.#readResponse(response);
      return 'none';
    }
    if (type === 'error') {
      this.#error ??= toError(undefined, asText(event.message) ?? '', asName(event.code));
      this.#error = readError(event) ?? this.#error;
      this.#ended = true;
      return 'none';
    }
    if (type === 'response.output_item.added') return this.#startItem(event);
    if (type === 'response.output_item.done') return this.#endItem(event);
    if (type.endsWith('.delta')) return this.#readDelta(type, event);
    this.#error ??= readError(event);
    return 'none';
  }

  facts(): ResponseFacts {
    return known({
      model: this.#model,
      id: this.#id,
      finishReasons: this.#answer.finishReasons,
      usage: withUnits(this.#usage, { webSearches: this.#webSearches > 0 ? this.#webSearches : undefined }),
      suppliedCostUsd: this.#costUsd,
      outputMessages: this.#answer.outputMessages,
      serviceTier: this.#serviceTier,
      error: this.#error,
      ended: this.#ended,
    });
  }

  get #choice(): ChoiceDraft {
    return this.#answer.choice(0) as ChoiceDraft;
  }

  #readResponse(response: Json): void {
    this.#model = asName(response.model) ?? this.#model;
    this.#id ??= asName(response.id);
    this.#serviceTier = asName(response.service_tier) ?? this.#serviceTier;
    this.#usage = openAiUsage(response.usage) ?? this.#usage;
    this.#costUsd = statedCostUsd(response.usage) ?? this.#costUsd;
    this.#error ??= readError(response);
    if (!TERMINAL.has(response.status)) return;
    this.#ended = true;
    const output = asList(response.output);
    if (output.length > 0) {
      // The whole replaces what the deltas had brought.
      this.#answer = new AnswerDraft();
      this.#webSearches = 0;
      for (const [index, item] of output.entries()) this.#addItem(index, objectOrNothing(item));
    }
    this.#answer.finish(0, finishOf(response, this.#choice.callCount > 0));
  }

  #addItem(index: number, item: Json): void {
    if (isWebSearch(item)) this.#webSearches++;
    const choice = this.#choice;
    if (isCall(item)) {
      this.#nameCall(index, item);
      const given = item.arguments ?? item.input;
      if (typeof given === 'string') choice.call(index)?.text.replace(given);
      return;
    }
    if (item.type !== 'message') {
      const part = toItemPart(item);
      if (part !== undefined) choice.add(part);
      return;
    }
    for (const content of asList(item.content)) {
      const part = toPart(content);
      if (part !== undefined) choice.add(part);
    }
  }

  #startItem(event: Json): ContentKind {
    const item = objectOrNothing(event.item);
    if (!isCall(item)) return 'none';
    this.#nameCall(indexOf(event), item);
    return 'tool_call';
  }

  /** Messages, reasoning and arguments have come as deltas; what else an item holds comes here. */
  #endItem(event: Json): ContentKind {
    const item = objectOrNothing(event.item);
    if (item.type === 'message' || item.type === 'reasoning') return 'none';
    if (isCall(item)) {
      this.#addItem(indexOf(event), item);
      return 'tool_call';
    }
    if (isWebSearch(item)) this.#webSearches++;
    const part = toItemPart(item);
    if (part === undefined) return 'none';
    this.#choice.add(part);
    return part.type === 'blob' ? 'visible' : 'none';
  }

  #nameCall(index: number, item: Json): void {
    const call = this.#choice.call(index);
    if (call === undefined) return;
    call.name = asName(item.name) ?? call.name;
    call.id = asName(item.call_id) ?? asName(item.id) ?? call.id;
  }

  #readDelta(type: string, event: Json): ContentKind {
    const delta = asText(event.delta);
    if (delta === undefined) return 'none';
    switch (type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
      case 'response.audio.transcript.delta':
        this.#choice.text.append(delta);
        return 'visible';
      case 'response.reasoning_text.delta':
      case 'response.reasoning_summary_text.delta':
        this.#choice.reasoning.append(delta);
        return 'reasoning';
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        this.#choice.call(indexOf(event))?.text.append(delta);
        return 'tool_call';
      case 'response.audio.delta':
        this.#choice.addMedia('audio', base64Size(delta));
        return 'visible';
      default:
        return 'none';
    }
  }
}

function isCall(item: Json): boolean {
  return item.type === 'function_call' || item.type === 'custom_tool_call';
}

/** A search that is billed; opening a page that was found and looking through it are not. */
function isWebSearch({ type, status, action }: Json): boolean {
  if (type !== 'web_search_call' || status === 'failed') return false;
  return (asName(objectOrNothing(action).type) ?? 'search') === 'search';
}

function indexOf(event: Json): number {
  return typeof event.output_index === 'number' ? event.output_index : 0;
}

function finishOf(response: Json, called: boolean): string | undefined {
  switch (response.status) {
    case 'completed':
      return called ? 'tool_call' : 'stop';
    case 'incomplete':
      return asName(objectOrNothing(response.incomplete_details).reason) ?? 'length';
    case 'failed':
      return 'error';
    default:
      return asName(response.status);
  }
}
