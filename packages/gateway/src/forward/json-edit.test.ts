import { expect, test } from 'vitest';
import { setMembers } from './json-edit.js';

const ASK = { stream_options: { include_usage: true } };

test.each([
  ['{"stream":true}', '{"stream":true,"stream_options":{"include_usage":true}}'],
  ['{"stream": true\n}\n', '{"stream": true\n,"stream_options":{"include_usage":true}}\n'],
  ['{}', '{"stream_options":{"include_usage":true}}'],
  ['{"stream_options" : null, "n":1e3}', '{"stream_options" : {"include_usage":true}, "n":1e3}'],
  [
    '{"a":{"stream_options":{}},"stream_options":{"x":"}"},"b":["]}",{}]}',
    '{"a":{"stream_options":{}},"stream_options":{"include_usage":true},"b":["]}",{}]}',
  ],
  ['{"stream\\u005foptions":1,"e":"\\"👋"}', '{"stream\\u005foptions":{"include_usage":true},"e":"\\"👋"}'],
])('sets a member of %s and leaves the rest as it is', (before, after) => {
  expect(setMembers(Buffer.from(before), ASK)?.toString()).toBe(after);
  expect(JSON.parse(after).stream_options).toEqual(ASK.stream_options);
});

test.each(['[]', '"text"', '1', ''])('leaves %s alone', (text) => {
  expect(setMembers(Buffer.from(text), ASK)).toBeUndefined();
});
