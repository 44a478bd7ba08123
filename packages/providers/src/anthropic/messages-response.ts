import type { ChoiceDraft } from '../answer-draft.js';
import { AnswerDraft } from '../answer-draft.js';
import { known } from '../facts.js';
import type { Json } from '../json.js';
import { asList, asName, asObject, objectOrNothing } from '../json.js';
import { toPart } from '../parts.js';
import type { ContentKind, ProviderError, ResponseFacts, ResponseReader } from '../provider.js';
import { readError } from '../provider-error.js';
import type { AnthropicCounts } from './usage.js';
import { anthropicUsage, readAnthropicCounts } from './usage.js';

/** Reads Anthropic's messages, whole or as the events of a stream, and the older completions. */
export class MessagesResponseReader implements ResponseReader {
  readonly #answer = new AnswerDraft();
  readonly #counts: AnthropicCounts = {};
  #model: string | undefined;
  #id: string | undefined;
  #serviceTier: string | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  document(body: unknown): void {
    this.#error ??= readError(body);
    const message = asObject(body);
    if (message !== undefined) this.#readMessage(message);
    this.#ended = true;
  }

  event(data: unknown): ContentKind {
    const event = asObject(data);
    if (event === undefined) return 'none';
    switch (event.type) {
      case 'message_start':
        this.#readMessage(objectOrNothing(event.message));
        return 'none';
      case 'content_block_start':
        return this.#startBlock(event);
      case 'content_block_delta':
        return this.#readDelta(event);
      case 'message_delta':
        this.#readUsage(event.usage);
        this.#answer.finish(0, asName(objectOrNothing(event.delta).stop_reason));
        return 'none';
      case 'message_stop':
        this.#ended = true;
        this.#readMetrics(event);
        return 'none';
      case 'completion':
        return this.#readMessage(event);
      default:
        this.#error ??= readError(event);
        return 'none';
    }
  }

  facts(): ResponseFacts {
    return known({
      model: this.#model,
      id: this.#id,
      finishReasons: this.#answer.finishReasons,
      usage: anthropicUsage(this.#counts),
      outputMessages: this.#answer.outputMessages,
      serviceTier: this.#serviceTier,
      error: this.#error,
      ended: this.#ended,
    });
  }

  get #choice(): ChoiceDraft {
    return this.#answer.choice(0) as ChoiceDraft;
  }

  #readMessage(message: Json): ContentKind {
    this.#model = asName(message.model) ?? this.#model;
    this.#id ??= asName(message.id);
    this.#readUsage(message.usage);
    this.#answer.finish(0, asName(message.stop_reason));
    for (const [index, block] of asList(message.content).entries()) this.#readBlock(index, objectOrNothing(block));
    // The older API: `{type: 'completion', completion: 'text'}`, whole or in pieces.
    if (typeof message.completion !== 'string' || message.completion === '') return 'none';
    this.#choice.text.append(message.completion);
    return 'visible';
  }

  #readUsage(value: unknown): void {
    const usage = asObject(value);
    if (usage === undefined) return;
    readAnthropicCounts(this.#counts, usage);
    this.#serviceTier = asName(usage.service_tier) ?? this.#serviceTier;
  }

  /** Bedrock repeats the counts of a stream at its end, where older models have no others. */
  #readMetrics(event: Json): void {
    const metrics = objectOrNothing(event['amazon-bedrock-invocationMetrics']);
    if (this.#counts.output !== undefined) return;
    readAnthropicCounts(this.#counts, {
      input_tokens: metrics.inputTokenCount,
      output_tokens: metrics.outputTokenCount,
    });
  }

  #startBlock(event: Json): ContentKind {
    const index = typeof event.index === 'number' ? event.index : 0;
    return this.#readBlock(index, objectOrNothing(event.content_block));
  }

  #readBlock(index: number, block: Json): ContentKind {
    if (block.type === 'tool_use') {
      const call = this.#choice.call(index);
      if (call === undefined) return 'none';
      call.name = asName(block.name);
      call.id = asName(block.id);
      // A stream starts with `{}` and fills it piece by piece; without a piece, that is the input.
      call.given = block.input ?? {};
      return 'tool_call';
    }
    // Redacted thinking is ciphertext.
    if (block.type === 'redacted_thinking') return 'reasoning';
    if (block.type === 'thinking') return append(this.#choice.reasoning, block.thinking, 'reasoning');
    if (block.type === 'text') return append(this.#choice.text, block.text, 'visible');
    const part = toPart(block);
    if (part === undefined || block.type === undefined) return 'none';
    this.#choice.add(part);
    return part.type === 'server_tool_call' ? 'tool_call' : 'visible';
  }

  #readDelta(event: Json): ContentKind {
    const delta = objectOrNothing(event.delta);
    switch (delta.type) {
      case 'text_delta':
        return append(this.#choice.text, delta.text, 'visible');
      case 'thinking_delta':
        return append(this.#choice.reasoning, delta.thinking, 'reasoning');
      case 'input_json_delta': {
        const call = typeof event.index === 'number' ? this.#choice.knownCall(event.index) : undefined;
        return call === undefined ? 'none' : append(call.text, delta.partial_json, 'tool_call');
      }
      default:
        return 'none';
    }
  }
}

function append(text: { append(piece: string): void }, piece: unknown, kind: ContentKind): ContentKind {
  if (typeof piece !== 'string' || piece === '') return 'none';
  text.append(piece);
  return kind;
}
