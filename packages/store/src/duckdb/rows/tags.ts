/** Unit separator: stands before and after each tag, so that a whole tag is found by a substring search. */
export const TAG_SEPARATOR = '\x1f';

export function encodeTags(tags: readonly string[]): string {
  if (tags.length === 0) return '';
  const clean = tags.map((tag) => tag.replaceAll(TAG_SEPARATOR, ' '));
  return TAG_SEPARATOR + clean.join(TAG_SEPARATOR) + TAG_SEPARATOR;
}

export function decodeTags(text: string | null): string[] {
  return text === null ? [] : text.slice(1, -1).split(TAG_SEPARATOR);
}
