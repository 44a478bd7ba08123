import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DETECTORS } from './detectors.js';
import { previewRedaction } from './redact-spans.js';
import { TextRedactor } from './text-redactor.js';

// Put together here, so that no scanner of the repository takes them for real ones.
const letters = (count: number) => 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA'.repeat(4).slice(0, count);
const jwt = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${letters(43)}`;
const pem = `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}\n${letters(64)}\n-----END RSA PRIVATE KEY-----`;

const SECRETS: readonly (readonly [kind: string, secret: string])[] = [
  ['api_key', `sk-proj-${letters(48)}`],
  ['api_key', `sk-proj-${'a'.repeat(36)}`],
  ['api_key', `sk-ant-api03-${letters(40)}`],
  ['api_key', `sk-or-v1-${letters(40)}`],
  ['api_key', 'sk-lf-1234abcd-12ab-34cd-56ef-1234567890ab'],
  ['api_key', `AKIA${'IOSFODNN7EXAMPLE'}`],
  ['api_key', `AIza${letters(35)}`],
  ['api_key', `ghp_${letters(36)}`],
  ['api_key', `github_pat_${letters(30)}`],
  ['api_key', `glpat-${letters(20)}`],
  ['api_key', `xoxb-1234567890-${letters(12)}`],
  ['api_key', `hf_${letters(34)}`],
  ['api_key', `gsk_${letters(40)}`],
  ['api_key', `xai-${letters(40)}`],
  ['api_key', `r8_${letters(37)}`],
  ['api_key', `nvapi-${letters(40)}`],
  ['api_key', `sk_live_${letters(24)}`],
  ['api_key', `SG.${letters(22)}.${letters(43)}`],
  ['jwt', jwt],
  ['private_key', pem],
  ['email', 'joe.doe+test@mail.example.co.uk'],
  ['card_number', '4111 1111 1111 1111'],
  ['card_number', '4111-1111-1111-1111'],
  ['card_number', '5555555555554444'],
  ['card_number', '378282246310005'],
];

describe('previewRedaction', () => {
  it.each(SECRETS)('masks the whole of one %s: %s', (kind, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['my key is ', ' ok?'],
      ['(', ')'],
      ['<b>', '</b>'],
      ['"', '",'],
      ['line\\n', '\\nline'],
    ] as const) {
      const { text, found } = previewRedaction(`${before}${secret}${after}`);
      expect(text).toBe(`${before}[redacted:${kind}]${after}`);
      expect(found).toEqual({ [kind]: 1 });
    }
  });

  it.each([
    ['Authorization: Bearer abc', 'Authorization: [redacted:authorization]'],
    ['{"authorization":"Basic dXNlcjpwdw=="}', '{"authorization":"[redacted:authorization]"}'],
    [
      String.raw`"{\"Authorization\":\"Bearer abc123\"}"`,
      String.raw`"{\"Authorization\":\"[redacted:authorization]\"}"`,
    ],
    ['curl with bearer a1b2c3d4e5f6', 'curl with bearer [redacted:bearer_token]'],
    [`api_key=${letters(12)}&x=1`, 'api_key=[redacted:credential]&x=1'],
    ['{"password": "correct horse"}', '{"password": "[redacted:credential] horse"}'],
    ['client_secret: "abcdefgh"', 'client_secret: "[redacted:credential]"'],
    ['postgres://joe:hunter2@db:5432/x', 'postgres://[redacted:credential]@db:5432/x'],
    [`two: ghp_${letters(36)} and a@b.co`, 'two: [redacted:api_key] and [redacted:email]'],
  ])('masks the value and keeps what it is for: %s', (text, expected) => {
    expect(previewRedaction(text).text).toBe(expected);
  });

  it.each([
    ['a sentence, with 3 numbers: 12, 2024 and 1700000000000000000'],
    ['gpt-4o-mini-2024-07-18'],
    ['0af7651916cd43dd8448eb211c80319c'],
    ['6f8d2449-33ed-4c7c-82e7-5410e34ee4e6'],
    ['sk-learn is a library, and so is scikit-learn-extra'],
    ['max_tokens: 4096, password: see below'],
    ['4111 1111 1111 1112'],
    ['1234567890123456'],
    ['bearer bonds and token prices'],
    ['reach us @home or at @joe'],
    ['https://example.org:8080/a@b'],
    ['version 1.2.3-beta.4+build.5678901234'],
  ])('leaves alone: %s', (text) => {
    expect(previewRedaction(text)).toEqual({ text, found: {} });
  });

  it('keeps JSON text valid when an address follows an escape', () => {
    const json = JSON.stringify({ text: 'write to\njoe@example.com\nor\tann@example.com' });
    expect(JSON.parse(previewRedaction(json).text)).toEqual({
      text: 'write to\n[redacted:email]\nor\t[redacted:email]',
    });
  });

  it('masks what the user asks for', () => {
    const patterns = [{ kind: 'ticket', pattern: /TKT-\d+/i }];
    expect(previewRedaction('see tkt-1 and TKT-22', patterns)).toEqual({
      text: 'see [redacted:ticket] and [redacted:ticket]',
      found: { ticket: 2 },
    });
    expect(previewRedaction('abc', [{ kind: 'nothing', pattern: /x*/ }]).text).toBe('abc');
  });
});

describe('TextRedactor', () => {
  it('finds everything that its detectors find: the hints leave nothing out', () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        ...SECRETS.map(([, secret]) => secret),
        'Bearer a1b2c3d4e5',
        'password="hunter22"',
        'authorization: abcdef',
      ),
      fc.constantFrom(' ', '\n', '\\n', '"', ', ', 'and', '=', ':', '-', '.', 'é', '😀'),
      fc.string({ maxLength: 12 }),
    );
    const redactor = new TextRedactor();
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        let all = text;
        for (const detector of DETECTORS) all = detector.replace(all, () => {});
        expect(redactor.redact(text)).toBe(all);
      }),
      { numRuns: 2000 },
    );
  });

  it('masks before it cuts, so that no part of a secret across the cut is left', () => {
    const redactor = new TextRedactor();
    for (const [, secret] of SECRETS) {
      for (let before = 180; before <= 200; before++) {
        const cut = redactor.redactAndCut(
          `${'x '.repeat(before / 2)}${' '.repeat(before % 2)}${secret} and more`.padEnd(5000, ' y'),
          200,
        );
        expect([...cut].length).toBeLessThanOrEqual(200);
        for (let length = 8; length <= secret.length; length++)
          expect(cut.includes(secret.slice(0, length))).toBe(false);
      }
    }
  });

  it('never cuts inside a surrogate pair', () => {
    const redactor = new TextRedactor();
    for (let i = 0; i < 4; i++) {
      const cut = redactor.redactAndCut('a'.repeat(i) + '😀'.repeat(3000), 200);
      expect([...cut]).toHaveLength(200);
      expect(cut).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
      expect(cut.endsWith('…')).toBe(true);
    }
  });

  it('takes hostile texts of a megabyte in a time that grows no faster than they do', () => {
    // Each repeats what a pattern begins with. Without a bound on the work these take minutes and run into the test's limit.
    const size = 1_000_000;
    const redactor = new TextRedactor();
    for (const piece of [
      'eyJ',
      'eyJ-',
      '-----BEGIN PRIVATE KEY-----',
      'sk-',
      'a@',
      '4 ',
      '4111 ',
      'bearer ',
      'authorization: ',
      '://a:',
      'password="',
      '\\n',
      'a.',
    ]) {
      expect(typeof redactor.redact(piece.repeat(size / piece.length))).toBe('string');
    }
  });
});
