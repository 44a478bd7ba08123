/** Longest word that is dropped whole: keys, tokens and addresses are shorter. */
const MAX_WORD = 256;
/** Longest number that people write in groups: of a card, say. */
const MAX_GROUPED = 24;
/** What stands around words, and in no key, token or address. */
const BOUNDARY = /[\s"'`<>()[\]{},;?&|]/;
const GROUPED = /[\d\s-]/;

/**
 * What a cut left of a text, without the word that the cut went through and the number in groups before it: half a secret is
 * none that could be recognised and masked. Where all is one word it stays when it is short (an id, say), and loses 256
 * characters of its end otherwise.
 */
export function withoutHalfWord(cut: string): string {
  const floor = Math.max(cut.length - MAX_WORD, 0);
  let end = cut.length;
  while (end > floor && !BOUNDARY.test(cut.charAt(end - 1))) end -= 1;
  if (end === floor) return cut.length > 2 * MAX_WORD ? cut.slice(0, floor) : cut;
  const least = Math.max(end - MAX_GROUPED, 0);
  let start = end;
  while (start > least && GROUPED.test(cut.charAt(start - 1))) start -= 1;
  // Not the digits that end the word before.
  while (start > 0 && start < end && !BOUNDARY.test(cut.charAt(start - 1))) start += 1;
  return cut.slice(0, start);
}
