import { expect, test } from 'vitest';
import { isLoopbackHost, parseHostHeader, parseOriginHeader } from './host-name.js';

test.each([
  ['localhost', true],
  ['LOCALHOST', true],
  ['localhost.', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example', false],
  ['10.0.0.1', false],
  ['', false],
])('isLoopbackHost(%j) is %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});

test.each([
  ['localhost:8080', 'localhost'],
  ['Example.COM', 'example.com'],
  ['[::1]:8080', '::1'],
  ['127.0.0.1:1', '127.0.0.1'],
  [undefined, undefined],
  ['', undefined],
  ['a b', undefined],
  ['localhost:8080@evil.example', undefined],
  ['localhost:', undefined],
  ['localhost/evil', undefined],
])('parseHostHeader(%j) is %j', (header, expected) => {
  expect(parseHostHeader(header)).toBe(expected);
});

test.each([
  ['http://localhost:3000', 'localhost'],
  ['https://monitor.example', 'monitor.example'],
  ['null', undefined],
  ['file://', undefined],
  ['http://user@localhost', undefined],
  ['http://localhost/path', undefined],
])('parseOriginHeader(%j) is %j', (origin, expected) => {
  expect(parseOriginHeader(origin)).toBe(expected);
});
