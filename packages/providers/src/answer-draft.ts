import type { Message, MessagePart } from '@vedetta/model';
import { foldFinishReason } from '@vedetta/model';
import { KeptText, TextBudget } from './kept-text.js';
import { blobPart, toolCallPart } from './parts.js';

// Choices and calls are numbered by the provider: more of them than any model gives are not kept.
const MAX_CHOICES = 128;
const MAX_CALLS = 512;
const MAX_MEDIA = 64;

/** A tool call whose arguments come in pieces. */
export class CallDraft {
  name: string | undefined;
  id: string | undefined;
  readonly text: KeptText;
  /** Arguments that came as a value rather than as text. */
  given: unknown;

  constructor(budget: TextBudget) {
    this.text = new KeptText(budget);
  }

  toPart(): MessagePart | undefined {
    if (this.name === undefined && this.text.isEmpty) return undefined;
    return toolCallPart(this.name ?? 'unknown', this.id, this.text.isEmpty ? this.given : this.text.toString());
  }
}

/** One choice of an answer, as it grows. */
export class ChoiceDraft {
  role = 'assistant';
  finish: string | undefined;
  readonly text: KeptText;
  readonly reasoning: KeptText;
  /** Parts that came whole. */
  readonly parts: MessagePart[] = [];
  readonly #budget: TextBudget;
  readonly #calls = new Map<number | string, CallDraft>();
  readonly #media = new Map<string, number>();

  constructor(budget: TextBudget) {
    this.#budget = budget;
    this.text = new KeptText(budget);
    this.reasoning = new KeptText(budget);
  }

  /** The call that a number (or another key of the provider's) stands for; `undefined` when there are too many. */
  call(key: number | string): CallDraft | undefined {
    let call = this.#calls.get(key);
    if (call === undefined && this.#calls.size < MAX_CALLS) {
      call = new CallDraft(this.#budget);
      this.#calls.set(key, call);
    }
    return call;
  }

  /** The call of a key that has been seen. */
  knownCall(key: number | string): CallDraft | undefined {
    return this.#calls.get(key);
  }

  get callCount(): number {
    return this.#calls.size;
  }

  /** Adds a part that came whole; text is counted against the budget. */
  add(part: MessagePart): void {
    if (part.type === 'text' && typeof part.content === 'string') this.text.append(part.content);
    else if (part.type === 'reasoning' && typeof part.content === 'string') this.reasoning.append(part.content);
    else if (this.parts.length < MAX_CALLS) this.parts.push(part);
  }

  /** Counts data that came in pieces: only their size is kept. */
  addMedia(modality: string, sizeBytes: number): void {
    if (this.#media.has(modality) || this.#media.size < MAX_MEDIA) {
      this.#media.set(modality, (this.#media.get(modality) ?? 0) + sizeBytes);
    }
  }

  toMessage(): Message {
    const parts: MessagePart[] = [];
    if (!this.reasoning.isEmpty) parts.push({ type: 'reasoning', content: this.reasoning.toString() });
    if (!this.text.isEmpty) parts.push({ type: 'text', content: this.text.toString() });
    parts.push(...this.parts);
    for (const [modality, size] of this.#media) parts.push(blobPart(modality, size));
    for (const call of this.#calls.values()) {
      const part = call.toPart();
      if (part !== undefined) parts.push(part);
    }
    const { note } = this.#budget;
    if (note !== undefined) parts.push(note);
    return { role: this.role, parts, ...(this.finish === undefined ? {} : { finish_reason: this.finish }) };
  }
}

/** The choices of an answer, by the provider's number. */
export class AnswerDraft {
  readonly budget = new TextBudget();
  readonly #choices = new Map<number, ChoiceDraft>();

  /** The choice of a number; whatever is no number is the first. `undefined` when there are too many. */
  choice(index: unknown): ChoiceDraft | undefined {
    const key = typeof index === 'number' ? index : 0;
    let choice = this.#choices.get(key);
    if (choice === undefined && this.#choices.size < MAX_CHOICES) {
      choice = new ChoiceDraft(this.budget);
      this.#choices.set(key, choice);
    }
    return choice;
  }

  /** Notes why a choice ended, in the common words. */
  finish(index: unknown, reason: string | undefined): void {
    if (reason === undefined) return;
    const choice = this.choice(index);
    if (choice !== undefined) choice.finish = foldFinishReason(reason);
  }

  get outputMessages(): Message[] {
    return this.#sorted()
      .map((choice) => choice.toMessage())
      .filter(({ parts, finish_reason }) => parts.length > 0 || finish_reason !== undefined);
  }

  get finishReasons(): string[] {
    return this.#sorted().flatMap(({ finish }) => finish ?? []);
  }

  /** Every choice that began has said why it ended. */
  get isFinished(): boolean {
    if (this.#choices.size === 0) return false;
    for (const { finish } of this.#choices.values()) if (finish === undefined) return false;
    return true;
  }

  #sorted(): ChoiceDraft[] {
    return [...this.#choices].sort(([a], [b]) => a - b).map(([, choice]) => choice);
  }
}
