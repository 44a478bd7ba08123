import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FormFields } from './form-fields.js';

const BOUNDARY = 'x-Boundary-1';

function field(name: string, text: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
}

function file(name: string, bytes: string): string {
  const head = `Content-Disposition: form-data; name="${name}"; filename="a.wav"\r\nContent-Type: audio/wav`;
  return `--${BOUNDARY}\r\n${head}\r\n\r\n${bytes}\r\n`;
}

const END = `--${BOUNDARY}--\r\n`;

/** The fields of a body that comes in pieces of some bytes. */
function read(body: string | Buffer, size = Number.POSITIVE_INFINITY): Record<string, string> {
  const form = new FormFields(BOUNDARY);
  const bytes = Buffer.from(body as string, 'latin1');
  for (let at = 0; at < bytes.length; at += size) form.push(bytes.subarray(at, at + size));
  expect(form.size).toBe(Object.keys(form.toObject()).length);
  return { ...form.toObject() };
}

describe('the fields of a form', () => {
  const body =
    file('file', 'RIFF\r\n--x\0\xff') + field('model', 'whisper-1') + field('prompt', '') + field('tags[]', 'x') + END;

  test.each([1, 2, 3, 7, 64, Number.POSITIVE_INFINITY])(
    'are read from pieces of %d bytes, without its files',
    (size) => {
      expect(read(body, size)).toEqual({ model: 'whisper-1', prompt: '', 'tags[]': 'x' });
    },
  );

  test.each<[string, string, Record<string, string>]>([
    ['that begins with some other text', `preamble\r\n${field('a', '1')}${END}`, { a: '1' }],
    ['that is cut short keep those that came whole', field('a', '1') + field('b', '2').slice(0, -2), { a: '1' }],
    ['after its end are none', field('a', '1') + END + field('b', '2'), { a: '1' }],
    ['keep the first of a name', field('a', '1') + field('a', '2') + END, { a: '1' }],
    ['are nothing to inherit', field('__proto__', '1') + END, JSON.parse('{"__proto__":"1"}')],
    [
      'without a name are none',
      `--${BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nx\r\n${field('a', '1')}${END}`,
      { a: '1' },
    ],
    ['that are too long are left out', field('a', 'x'.repeat(70_000)) + field('b', '2') + END, { b: '2' }],
    ['of a body that is no form', '{"model":"m"}', {}],
  ])('%s', (_, text, fields) => {
    expect(read(text)).toEqual(fields);
    expect(read(text, 5)).toEqual(fields);
  });

  test('are not read past what any form has', () => {
    const many = Array.from({ length: 1000 }, (_, i) => field(`f${i}`, '')).join('');
    expect(Object.keys(read(many + END))).toHaveLength(200);
    const long = Array.from({ length: 10 }, (_, i) => field(`f${i}`, 'x'.repeat(60_000))).join('');
    expect(Object.keys(read(long + END))).toHaveLength(4);
    expect(read(`--${BOUNDARY}\r\n${'x'.repeat(10_000)}\r\n\r\n${field('a', '1')}`)).toEqual({});
  });

  test('are the same however the body comes, and no body breaks the reader', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        field('a', '1'),
        file('f', 'data'),
        END,
        '\r\n',
        `--${BOUNDARY}`,
        '\r\n--',
        'Content-Disposition: form-data; name="q"',
      ),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), (pieces, size) => {
        const text = pieces.join('');
        expect(read(text, size)).toEqual(read(text));
      }),
    );
  });
});

test.each([
  ['multipart/form-data; boundary=abc', true],
  ['Multipart/Form-Data;boundary="a b:c"', true],
  ['multipart/form-data; charset=utf-8; boundary=abc; x=y', true],
  ['multipart/form-data', false],
  ['multipart/form-data; boundary=', false],
  [`multipart/form-data; boundary="${'x'.repeat(71)}"`, false],
  ['multipart/mixed; boundary=abc', false],
  ['application/json', false],
  ['', false],
])('%s is a form: %s', (contentType, isForm) => {
  expect(FormFields.of(contentType) !== undefined).toBe(isForm);
});

test('is read as Node writes it', async () => {
  const form = new FormData();
  form.append('model', 'whisper-1');
  form.append('file', new Blob([new Uint8Array(100_000)]), 'a "b".mp3');
  form.append('language', 'de-\u00e4');
  const response = new Response(form);
  const fields = FormFields.of(response.headers.get('content-type') ?? '');
  fields?.push(Buffer.from(await response.arrayBuffer()));
  expect({ ...fields?.toObject() }).toEqual({ model: 'whisper-1', language: 'de-\u00e4' });
});
