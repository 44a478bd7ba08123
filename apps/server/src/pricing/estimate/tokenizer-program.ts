/**
 * The worker thread's program. Plain CommonJS in a text, so that it runs the same from source in tests and from `dist`; it needs nothing of
 * this package. Answers each `{ id, encoding, groups }` with the tokens of each group of texts, or with nothing when it cannot.
 */
export const TOKENIZER_PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { createRequire } = require('node:module');
const load = createRequire(workerData.from);
const AS_TEXT = { disallowedSpecial: new Set() };
// Words of this length are no words; merging them pair by pair takes the square of their length.
const LONG_WORD = /\\S{400}/;
const PIECE = 200;
const encodings = new Map();
function encodingOf(name) {
  let found = encodings.get(name);
  if (found === undefined) encodings.set(name, (found = load('gpt-tokenizer/encoding/' + name)));
  return found;
}
function count(encoding, text) {
  if (!LONG_WORD.test(text)) return encoding.countTokens(text, AS_TEXT);
  let tokens = 0;
  for (let at = 0; at < text.length; at += PIECE) tokens += encoding.countTokens(text.slice(at, at + PIECE), AS_TEXT);
  return tokens;
}
parentPort.on('message', ({ id, encoding, groups }) => {
  try {
    const tokenizer = encodingOf(encoding);
    parentPort.postMessage({ id, counts: groups.map((texts) => texts.reduce((sum, text) => sum + count(tokenizer, text), 0)) });
  } catch {
    parentPort.postMessage({ id });
  }
});
`;
