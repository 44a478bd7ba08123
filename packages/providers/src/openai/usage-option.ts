import type { AttributeValue } from '@vedetta/model';
import { asObject, keepValue } from '../json.js';
import type { UsageOption } from '../provider.js';

/**
 * The member that makes a stream of chat or legacy completions report usage. Other options that the body sets stay.
 * `undefined` when the body streams nothing or asks for usage already.
 */
export function streamUsageOption(body: unknown): UsageOption | undefined {
  const request = asObject(body);
  if (request?.stream !== true) return undefined;
  const given = request.stream_options;
  const options = asObject(given);
  // Options of another shape are the upstream's to refuse, not ours to repair.
  if (given !== undefined && given !== null && options === undefined) return undefined;
  if (options?.include_usage === true) return undefined;
  const kept = options === undefined ? {} : (keepValue(options) as { readonly [name: string]: AttributeValue });
  return { members: { stream_options: { ...kept, include_usage: true } }, nullMember: 'usage', isExtraEvent };
}

/** The chunk that carries nothing but usage. Azure's first chunk has no choices either, but says what its filter found. */
function isExtraEvent(data: unknown): boolean {
  const chunk = asObject(data);
  return (
    chunk !== undefined &&
    Array.isArray(chunk.choices) &&
    chunk.choices.length === 0 &&
    asObject(chunk.usage) !== undefined &&
    chunk.prompt_filter_results === undefined &&
    chunk.prompt_annotations === undefined
  );
}
