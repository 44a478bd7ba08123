import type { AttributeValue, Message, MessagePart } from '@vedetta/model';

/** Characters of an answer that are kept while it streams: more than the 64 KiB that are recorded at the end. */
const MAX_CHARS = 64 * 1024;

/** The answer of a stream, put together from its pieces. */
export class KeptAnswer {
  #text = '';
  #reasoning = '';
  readonly #others: MessagePart[] = [];

  addText(text: string): void {
    this.#text = joined(this.#text, text);
  }

  addReasoning(text: string): void {
    this.#reasoning = joined(this.#reasoning, text);
  }

  addToolCall(name: string, id: string | undefined, args: AttributeValue | undefined): void {
    if (this.#others.length >= 1000) return;
    this.#others.push({
      type: 'tool_call',
      name,
      ...(id === undefined ? {} : { id }),
      ...(args === undefined ? {} : { arguments: args }),
    });
  }

  /** Empty when nothing came. */
  messages(): readonly Message[] {
    const parts: MessagePart[] = [];
    if (this.#reasoning !== '') parts.push({ type: 'reasoning', content: this.#reasoning });
    if (this.#text !== '') parts.push({ type: 'text', content: this.#text });
    parts.push(...this.#others);
    return parts.length === 0 ? [] : [{ role: 'assistant', parts }];
  }
}

function joined(text: string, piece: string): string {
  return text.length >= MAX_CHARS ? text : text + piece.slice(0, MAX_CHARS - text.length);
}
