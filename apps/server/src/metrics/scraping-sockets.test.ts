import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { ServerOptions } from 'node:https';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeCertificate } from '@vedetta/watch/testing';
import { afterEach, expect, test } from 'vitest';
import { closeTestServers, send, startTestServer, tempDir } from '../testing/test-server.js';
import { needPrometheus, startPrometheus } from './testing/prometheus-process.js';
import { agree, ask, result, targets, WAIT } from './testing/scraped.js';

const TEXT = { 'content-type': 'text/plain; version=0.0.4' };
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let end = open.pop(); end !== undefined; end = open.pop()) await end();
  await closeTestServers();
});

async function listen(listener: RequestListener, tls?: ServerOptions): Promise<string> {
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Says who asks: whether there is a secret, and which. */
const whoAsks: RequestListener = ({ headers }, response) => {
  const { authorization = 'nobody' } = headers;
  response.writeHead(200, TEXT).end(`asked{by="${Buffer.from(authorization).toString('hex')}"} 1\n`);
};

function plainTarget(elsewhere: string, secure: string): { readonly listener: RequestListener; hang: boolean } {
  const state = { hang: false };
  const labelled = `labelled{${'n'.repeat(30)}="${'ü'.repeat(10)}"} 1\n`;
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, '# bomb\n'));
  const listener: RequestListener = (request, response) => {
    const good = (body: string, headers: Record<string, string> = TEXT) => response.writeHead(200, headers).end(body);
    const hangInBody = () => void response.writeHead(200, TEXT).write('half 1\nother ');
    const redirect = (location: string) => response.writeHead(302, { location }).end();
    switch (request.url) {
      case '/private':
        return request.headers.authorization === 'Basic dTpvcGVuLXNlc2FtZQ=='
          ? good('private 1\n')
          : response.writeHead(401).end();
      case '/near':
        return redirect('/who');
      case '/far':
        return redirect(`http://${elsewhere}/who`);
      case '/secure':
        return redirect(`https://${secure}/who`);
      case '/loop':
        return redirect('/loop');
      case '/who':
        return whoAsks(request, response);
      case '/slow-head':
        return undefined;
      case '/slow-body':
        return hangInBody();
      case '/endless': {
        const more = (): void => {
          while (!response.destroyed && response.write(`# ${'x'.repeat(65_536)}\n`));
        };
        response.writeHead(200, TEXT).on('drain', more);
        return more();
      }
      case '/later':
        return state.hang ? hangInBody() : good('later 1\n');
      case '/twelve':
        return good('abcdefghi 1\n');
      case '/bomb':
        return response.writeHead(200, { ...TEXT, 'content-encoding': 'gzip' }).end(bomb);
      case '/cut':
        return response
          .writeHead(200, { ...TEXT, 'content-encoding': 'gzip' })
          .end(gzipSync('cut 1\n').subarray(0, 15));
      case '/labelled':
        return good(labelled);
      case '/html':
        return good('<html>not here</html>', { 'content-type': 'text/html' });
      case '/untyped':
        return good('untyped 1\n', {});
      default:
        return response.writeHead(404).end();
    }
  };
  return Object.assign(state, { listener });
}

test('over sockets that refuse, redirect, hang and overflow Prometheus and Vedetta say the same', async (context) => {
  needPrometheus(context);
  const dir = tempDir();
  const file = (name: string, content: string) => writeFileSync(path.join(dir, name), content);
  const authority = { commonName: 'authority', ...makeCertificate({ commonName: 'authority' }) };
  const certificate = makeCertificate({ commonName: 't', hosts: ['127.0.0.1', 'target.example'], issuer: authority });
  const own = makeCertificate({ commonName: 'scraper', issuer: authority });
  file('ca.pem', authority.cert);
  file('own.pem', own.cert);
  file('own.key', own.key);
  file('secret', 'open-sesame\n');
  const secure = await listen(whoAsks, certificate);
  const mutual = await listen(whoAsks, { ...certificate, ca: authority.cert, requestCert: true });
  const elsewhere = await listen(whoAsks);
  const target = plainTarget(elsewhere, secure);
  const plain = await listen(target.listener);

  const auth = 'basic_auth: { username: u, password_file: secret }';
  const ca = 'ca_file: ca.pem';
  /** Of each job the path and settings; `secure` and `mutual` in front where it is asked over TLS. */
  const jobs: Record<string, readonly [address: string, metricsPath: string, settings?: string]> = {
    tls_unknown: [secure, '/'],
    tls_known: [secure, '/', `tls_config: { ${ca} }, ${auth}`],
    tls_unseen: [secure, '/', 'tls_config: { insecure_skip_verify: true }, bearer_token: open-sesame'],
    tls_named: [secure, '/', `tls_config: { ${ca}, server_name: target.example }`],
    tls_misnamed: [secure, '/', `tls_config: { ${ca}, server_name: other.example }`],
    tls_too_old: [secure, '/', `tls_config: { ${ca}, max_version: TLS10 }`],
    tls_mutual: [mutual, '/', `tls_config: { ${ca}, cert_file: own.pem, key_file: own.key }`],
    tls_nobody: [mutual, '/', `tls_config: { ${ca} }`],
    private: [plain, '/private', auth],
    closed: [plain, '/private', 'basic_auth: { username: u, password: wrong-sesame }'],
    near: [plain, '/near', auth],
    far: [plain, '/far', auth],
    into_tls: [plain, '/secure', `tls_config: { ${ca} }, authorization: { type: Token, credentials_file: secret }`],
    into_unknown: [plain, '/secure'],
    not_followed: [plain, '/near', 'follow_redirects: false'],
    loop: [plain, '/loop'],
    slow_head: [plain, '/slow-head'],
    slow_body: [plain, '/slow-body'],
    endless: [plain, '/endless', 'body_size_limit: 4MB'],
    later: [plain, '/later'],
    at_limit: [plain, '/twelve', 'body_size_limit: 12B'],
    below_limit: [plain, '/twelve', 'body_size_limit: 13B'],
    bomb: [plain, '/bomb', 'body_size_limit: 1MB'],
    cut: [plain, '/cut'],
    long_name: [plain, '/labelled', 'label_name_length_limit: 29'],
    name_fits: [plain, '/labelled', 'label_name_length_limit: 30'],
    long_value: [plain, '/labelled', 'label_value_length_limit: 19'],
    value_fits: [plain, '/labelled', 'label_value_length_limit: 20'],
    html: [plain, '/html'],
    untyped: [plain, '/untyped'],
    missing: [plain, '/nowhere'],
    refused: ['127.0.0.1:1', '/'],
  };
  const lines = Object.entries(jobs).map(([name, [address, metricsPath, settings = '']]) => {
    const scheme = address === secure || address === mutual ? 'https' : 'http';
    const more = settings === '' ? '' : `, ${settings}`;
    return `  - { job_name: ${name}, scheme: ${scheme}, metrics_path: ${metricsPath}, static_configs: [{ targets: ['${address}'] }]${more} }`;
  });
  const configFile = path.join(dir, 'prometheus.yml');
  writeFileSync(
    configFile,
    `global: { scrape_interval: 1s, scrape_timeout: 500ms }\nscrape_configs:\n${lines.join('\n')}\n`,
  );
  const real = await startPrometheus(configFile);
  open.push(() => real.stop());
  const ours = await startTestServer({ 'metrics-scrape-config-file': configFile, 'metrics-interval-seconds': 1 });
  const base = `${ours.url}/prometheus`;

  const count = lines.length;
  await agree(real.url, base, 'up{job!="vedetta"}', count);
  expect(await result(base, 'up{job!="vedetta"} == 1')).toHaveLength(13);
  // Prometheus counts what it read before the fault of a broken page; here a page is read whole or not at all.
  const readable = '{job!~"vedetta|html"}';
  await agree(real.url, base, `scrape_samples_scraped${readable}`, count - 1);
  await agree(real.url, base, `scrape_samples_post_metric_relabeling${readable}`, count - 1);
  expect(await targets(base)).toEqual(await targets(real.url));
  // This Prometheus hands its credentials on to whatever host it is redirected to; here they stay with the first.
  await agree(real.url, base, '{job!~"vedetta|far|into_tls|",__name__!~"up|scrape_.*"}', 11);
  const nobody = Buffer.from('nobody').toString('hex');
  expect(await result(base, `asked{job=~"far|into_tls",by="${nobody}"}`)).toHaveLength(2);
  const { activeTargets } = (await ask(base, 'targets')) as { activeTargets: { lastError: string; health: string }[] };
  for (const { lastError, health } of activeTargets) expect(lastError === '').toBe(health === 'up');
  const shown = JSON.stringify([ours.logLines, activeTargets]) + (await send(`${ours.url}/metrics`)).body.toString();
  for (const secret of ['sesame', 'dTpvcGVu', 'PRIVATE KEY']) expect(shown).not.toContain(secret);

  // A target that begins to hang: its series end in both.
  target.hang = true;
  await agree(real.url, base, 'up{job="later"} == 0', 1);
  await agree(real.url, base, 'later', 0);
}, 180_000);

test('a file that is broken changes nothing and says where; one that is whole ends what it leaves out', async () => {
  const address = await listen((request, response) =>
    response.writeHead(200, TEXT).end(`${request.url?.slice(1)} 1\n`),
  );
  const file = path.join(tempDir(), 'prometheus.yml');
  const job = (name: string) =>
    `  - { job_name: ${name}, metrics_path: /${name}, static_configs: [{ targets: ['${address}'] }] }\n`;
  const head = 'global: { scrape_interval: 200ms, scrape_timeout: 200ms }\nscrape_configs:\n';
  writeFileSync(file, head + job('stays') + job('goes'));
  const server = await startTestServer({ 'metrics-scrape-config-file': file });
  const base = `${server.url}/prometheus`;
  const reload = async () => {
    const answer = await send(`${base}/-/reload`, { method: 'POST' });
    return [answer.status, answer.status === 200 ? '' : answer.json<{ error: string }>().error];
  };
  const isReloaded = async () =>
    ((await ask(base, 'status/runtimeinfo')) as { reloadConfigSuccess: boolean }).reloadConfigSuccess;
  await expect.poll(() => result(base, '{__name__=~"stays|goes"}'), WAIT).toHaveLength(2);

  writeFileSync(file, `${head + job('stays')}    intervall: 5s\n`);
  expect(await reload()).toEqual([400, expect.stringMatching(/prometheus\.yml: line 4 is no YAML/)]);
  writeFileSync(file, `${head + job('stays')}  - job_name: wrong\n    intervall: 5s\n`);
  expect(await reload()).toEqual([400, `${file}: line 5: scrape_configs[1].intervall is no key that is known here`]);
  expect(server.logLines.some((line) => line.includes('line 5: scrape_configs[1].intervall'))).toBe(true);
  expect(await isReloaded()).toBe(false);
  expect((await result(base, 'up{job!="vedetta"}')).length).toBe(2);

  writeFileSync(file, head + job('stays') + job('new'));
  expect(await reload()).toEqual([200, '']);
  expect(await isReloaded()).toBe(true);
  // The markers are stored when the answer comes; the one that stays was not interrupted.
  expect(await result(base, '{job="goes"}')).toEqual([]);
  expect(await result(base, 'stays')).toHaveLength(1);
  await expect.poll(() => result(base, 'new'), WAIT).toHaveLength(1);
});
