import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { makeCertificate } from '../../testing/index.js';
import { parseScrapeSettings } from '../config/parse-scrape-file.js';
import { readYaml } from '../config/read-yaml.js';
import type { Page } from '../loop/page.js';
import { HttpClient } from './http-client.js';

const PAGE = 'up_to_you 1\n';
const dir = mkdtempSync(path.join(tmpdir(), 'vedetta-scrape-'));
const open: (() => void)[] = [];
afterEach(() => {
  for (let end = open.pop(); end !== undefined; end = open.pop()) end();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function serve(listener: RequestListener, tls?: https.ServerOptions): Promise<string> {
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  // What clients break off or refuse is theirs to tell.
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const page: RequestListener = (_request, response) =>
  response.writeHead(200, { 'content-type': 'text/plain' }).end(PAGE);

function file(name: string, content: string): string {
  writeFileSync(path.join(dir, name), content);
  return path.join(dir, name);
}

async function clientOf(job: string): Promise<HttpClient> {
  const parsed = parseScrapeSettings((await readYaml(`scrape_configs: [{ job_name: j, ${job} }]`)).content, dir);
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('\n'));
  const client = new HttpClient(parsed.settings.jobs[0]!, 'test');
  open.push(() => client.close());
  return client;
}

/** What a job with these settings gets: the text of the page, or why not. */
async function fetch(url: string, job = '', signal = new AbortController().signal): Promise<string> {
  return read(await clientOf(job), url, signal);
}

async function read(client: HttpClient, url: string, signal = new AbortController().signal): Promise<string> {
  let text = '';
  const source = client.source(url, 1000, (body, format): Page => {
    text = `${format}: ${body}`;
    return { kind: 'page', samples: [], metadata: [] };
  });
  const answer = await source.read(signal).catch((error: Error): Page => ({ kind: 'failed', reason: error.message }));
  return answer.kind === 'failed' ? answer.reason : text;
}

const authority = { commonName: 'authority', ...makeCertificate({ commonName: 'authority' }) };
const server = makeCertificate({ commonName: 'target', hosts: ['127.0.0.1', 'target.example'], issuer: authority });
const foreign = makeCertificate({ commonName: 'foreign', hosts: ['127.0.0.1'] });
file('ca.pem', authority.cert);

test('a certificate that nobody vouches for is refused, unless it is not to be looked at', async () => {
  const url = `https://${await serve(page, server)}/metrics`;
  expect(await fetch(url)).toMatch(/unable to verify the first certificate|self.signed certificate/);
  expect(await fetch(url, 'tls_config: { insecure_skip_verify: true }')).toBe(`text: ${PAGE}`);
  expect(await fetch(url, 'tls_config: { ca_file: ca.pem }')).toBe(`text: ${PAGE}`);
  const other = `https://${await serve(page, foreign)}/metrics`;
  expect(await fetch(other, 'tls_config: { ca_file: ca.pem }')).toMatch(/self.signed certificate/);
});

test('server_name is asked for and verified, in place of the address', async () => {
  const names: unknown[] = [];
  const named = makeCertificate({ commonName: 'named', hosts: ['target.example'], issuer: authority });
  const SNICallback: NonNullable<https.ServerOptions['SNICallback']> = (name, done) => {
    names.push(name);
    done(null);
  };
  const url = `https://${await serve(page, { ...named, SNICallback })}/metrics`;
  expect(await fetch(url, 'tls_config: { ca_file: ca.pem }')).toContain("IP: 127.0.0.1 is not in the cert's list");
  expect(await fetch(url, 'tls_config: { ca_file: ca.pem, server_name: target.example }')).toBe(`text: ${PAGE}`);
  expect(await fetch(url, 'tls_config: { ca_file: ca.pem, server_name: other.example }')).toContain('other.example');
  expect(names).toEqual(['target.example', 'other.example']);
});

test('a client proves itself with its certificate', async () => {
  const own = makeCertificate({ commonName: 'scraper', issuer: authority });
  file('own.pem', own.cert);
  file('own.key', own.key);
  const tls = { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  const url = `https://${await serve(page, tls)}/metrics`;
  expect(await fetch(url, 'tls_config: { ca_file: ca.pem }')).toMatch(/certificate required|alert|reset|hang up/i);
  const settings = 'ca_file: ca.pem, cert_file: own.pem, key_file: own.key';
  expect(await fetch(url, `tls_config: { ${settings} }`)).toBe(`text: ${PAGE}`);
  file('damaged.pem', '-----BEGIN CERTIFICATE-----\nc2VzYW1l\n-----END CERTIFICATE-----\n');
  const damaged = await fetch(url, 'tls_config: { ca_file: ca.pem, cert_file: damaged.pem, key_file: own.key }');
  expect(damaged).toContain(`the certificates of tls_config cannot be used`);
  expect(damaged).not.toContain('c2VzYW1l');
});

test('the first scrapes of several targets share one agent, and a changed certificate breaks off none', async () => {
  const ends: (() => void)[] = [];
  let asked = 0;
  const address = await serve((_request, response) => {
    asked += 1;
    response.writeHead(200).write(PAGE);
    ends.push(() => response.end());
  }, server);
  file('changing.pem', foreign.cert);
  const client = await clientOf('tls_config: { ca_file: changing.pem }');
  expect(await read(client, `https://${address}/metrics`)).toMatch(/certificate/);
  file('changing.pem', `${authority.cert}\n`);
  const first = ['a', 'b'].map((name) => read(client, `https://${address}/${name}`));
  await vi.waitFor(() => expect(asked).toBe(2));
  file('changing.pem', `${authority.cert}\n\n`);
  const second = read(client, `https://${address}/c`);
  await vi.waitFor(() => expect(asked).toBe(3));
  for (const end of ends) end();
  expect(await Promise.all([...first, second])).toEqual(Array(3).fill(`text: ${PAGE}`));
});

test.each([
  ['basic_auth: { username: u, password_file: secret }', 'Basic dTpvcGVuIHNlc2FtZQ=='],
  ['basic_auth: { username: u, password: open sesame }', 'Basic dTpvcGVuIHNlc2FtZQ=='],
  ['bearer_token_file: secret', 'Bearer open sesame'],
  ['authorization: { credentials: open sesame }', 'Bearer open sesame'],
  ['authorization: { type: Token, credentials_file: secret }', 'Token open sesame'],
])('%s', async (job, expected) => {
  file('secret', 'open sesame\n');
  const seen: unknown[] = [];
  const elsewhere = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end(PAGE);
  });
  const address = await serve((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === '/near') response.writeHead(302, { location: '/far' }).end();
    else response.writeHead(307, { location: `http://${elsewhere}/` }).end();
  });
  // To the same host they go on, to another one they do not.
  expect(await fetch(`http://${address}/near`, job)).toBe(`text: ${PAGE}`);
  expect(seen).toEqual([expected, expected, undefined]);
  expect(await fetch(`http://${address}/near`, `${job}, follow_redirects: false`)).toBe(
    'server returned HTTP status 302 Found',
  );
});

test('a secret is in no message, whatever it holds and however it fails', async () => {
  const address = await serve((_request, response) => response.writeHead(401).end('open sesame'));
  const reasons = [
    await fetch(`http://${address}/`, 'authorization: { credentials: "open\\nsesame" }'),
    await fetch(`http://${address}/`, 'authorization: { credentials: open sesame }'),
    await fetch(`http://${address}/`, 'basic_auth: { username: u, password_file: missing }'),
  ];
  expect(reasons.join('\n')).not.toContain('sesame');
  expect(reasons[1]).toBe('server returned HTTP status 401 Unauthorized');
  expect(reasons[2]).toBe(`the file ${path.join(dir, 'missing')} cannot be read (ENOENT)`);
});

test('a redirect leads into TLS with the settings of the job, and no further than ten times', async () => {
  const secure = await serve(page, server);
  const address = await serve((request, response) => {
    const location = request.url === '/secure' ? `https://${secure}/` : request.url === '/file' ? 'file:///etc' : '/';
    response.writeHead(301, { location }).end();
  });
  expect(await fetch(`http://${address}/secure`, 'tls_config: { ca_file: ca.pem }')).toBe(`text: ${PAGE}`);
  expect(await fetch(`http://${address}/file`)).toBe('it redirects to no page');
  expect(await fetch(`http://${address}/`)).toBe('it redirects more than 10 times');
});

test('the body of a redirect is not read for ever', async () => {
  let closed = false;
  const address = await serve((request, response) => {
    if (request.url === '/next') return response.end(PAGE);
    response.writeHead(302, { location: '/next' });
    const more = (): void => void (response.write('x'.repeat(65_536)) && setImmediate(more));
    response.on('drain', more).on('close', () => {
      closed = true;
    });
    more();
    return response;
  });
  expect(await fetch(`http://${address}/`)).toBe(`text: ${PAGE}`);
  await vi.waitFor(() => expect(closed).toBe(true));
});

test.each([
  ['no header', () => {}],
  ['half a page', (socket: { write(text: string): unknown }) => socket.write('HTTP/1.1 200 OK\r\n\r\nhalf ')],
  [
    'a gzip stream that goes on and on',
    (socket: { write(text: string | Buffer): unknown }) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n');
      socket.write(gzipSync(PAGE).subarray(0, 12));
    },
  ],
] as const)('%s: reading ends when the signal says so, with its reason', async (_what, answer) => {
  const sockets: { destroyed: boolean }[] = [];
  const hanging = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      answer(socket);
      call.abort(new Error('no whole answer within 5 ms'));
    });
  });
  const call = new AbortController();
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  open.push(() => hanging.close());
  const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/`;
  expect(await fetch(url, '', call.signal)).toBe('no whole answer within 5 ms');
  await vi.waitFor(() => expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true]));
});

test('a body is counted as it is unpacked, and is refused at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024));
  const twelve = '# 789abcdef\n';
  let sent = 0;
  const address = await serve((request, response) => {
    if (request.url === '/twelve') return response.end(twelve);
    const packed = { 'content-encoding': 'gzip' };
    if (request.url === '/bomb') return response.writeHead(200, packed).end(bomb);
    if (request.url === '/cut') return response.writeHead(200, packed).end(gzipSync(PAGE).subarray(0, 20));
    if (request.url === '/other') return response.writeHead(200, { 'content-encoding': 'br' }).end(PAGE);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536;
    };
    response.on('drain', more);
    more();
    return response;
  });
  expect(await fetch(`http://${address}/bomb`)).toBe('body size limit exceeded');
  expect(await fetch(`http://${address}/endless`, 'body_size_limit: 1MB')).toBe('body size limit exceeded');
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  // As in Prometheus a page of the very size is too large already.
  expect(await fetch(`http://${address}/twelve`, 'body_size_limit: 12B')).toBe('body size limit exceeded');
  expect(await fetch(`http://${address}/twelve`, 'body_size_limit: 13B')).toBe(`text: ${twelve}`);
  expect(await fetch(`http://${address}/cut`)).toBe('unexpected end of file');
  expect(await fetch(`http://${address}/other`)).toBe('it answers with the encoding "br"');
});

test.each([
  ['text/plain; version=0.0.4', '', `text: ${PAGE}`],
  ['application/openmetrics-text; version=1.0.0', '', `openmetrics: ${PAGE}`],
  ['text/html', '', `text: ${PAGE}`],
  ['', '', `text: ${PAGE}`],
  ['', 'fallback_scrape_protocol: OpenMetricsText1.0.0', `openmetrics: ${PAGE}`],
  ['text/html', 'fallback_scrape_protocol: OpenMetricsText0.0.1', `openmetrics: ${PAGE}`],
  ['text/plain', 'fallback_scrape_protocol: OpenMetricsText1.0.0', `text: ${PAGE}`],
  ['application/vnd.google.protobuf', '', 'it answers in the binary format, which is not supported'],
])('a page of the type %j is read as what it is, or as the fallback %j says', async (type, job, expected) => {
  const address = await serve((_request, response) => {
    if (type !== '') response.setHeader('content-type', type);
    response.end(PAGE);
  });
  expect(await fetch(`http://${address}/`, job)).toBe(expected);
});

test('a target that is not there, and one that is no UTF-8', async () => {
  expect(await fetch('http://127.0.0.1:1/metrics')).toBe('connect ECONNREFUSED 127.0.0.1:1');
  const address = await serve((_request, response) => response.end(Buffer.of(0xff, 0xfe)));
  expect(await fetch(`http://${address}/`)).toBe('the page is no UTF-8');
});
