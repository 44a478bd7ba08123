import type { GenAiFacts, Message } from '@vedetta/model';

const MEDIA: ReadonlySet<string> = new Set(['image', 'audio', 'video']);
const CHAT: ReadonlySet<string> = new Set(['chat', 'text_completion', 'generate_content']);

/**
 * The modality of a model call whose sender states none: `embedding` for embeddings; the kind of media when the messages or
 * the token counts hold one kind (text beside it is usual and changes nothing), `multimodal` when they hold several; `text`
 * for any other chat. `undefined` for spans that call no model.
 */
export function inferModality(genAi: GenAiFacts): string | undefined {
  if (genAi.operation === 'embeddings') return 'embedding';
  const kinds = new Set<string>();
  collect(genAi.inputMessages, kinds);
  collect(genAi.outputMessages, kinds);
  const { usage } = genAi;
  if ((usage?.audioInputTokens ?? 0) > 0 || (usage?.audioOutputTokens ?? 0) > 0) kinds.add('audio');
  if ((usage?.imageInputTokens ?? 0) > 0) kinds.add('image');
  if (kinds.size > 1) return 'multimodal';
  for (const kind of kinds) return kind;
  if (CHAT.has(genAi.operation)) return 'text';
  return genAi.inputMessages === undefined && genAi.outputMessages === undefined ? undefined : 'text';
}

function collect(messages: readonly Message[] | undefined, kinds: Set<string>): void {
  for (const { parts } of messages ?? []) {
    for (const part of parts) {
      if ('modality' in part && typeof part.modality === 'string' && MEDIA.has(part.modality)) kinds.add(part.modality);
    }
  }
}
