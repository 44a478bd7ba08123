import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../main.js';
import { captureContext } from '../testing/captured-context.js';

/** As LiteLLM's table states prices: by token. */
const LITELLM = JSON.stringify({
  'acme/large': { litellm_provider: 'acme', mode: 'chat', input_cost_per_token: 2e-6, output_cost_per_token: 4e-6 },
});
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vedetta-prices-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function storedDate(): string {
  return (JSON.parse(readFileSync(join(dir, 'prices.json'), 'utf8')) as { date: string }).date;
}

describe('vedetta prices update', () => {
  it('takes a list from a file, with the day of the file', async () => {
    const file = join(dir, 'list.json');
    writeFileSync(file, LITELLM);
    utimesSync(file, new Date('2026-05-04T10:00:00Z'), new Date('2026-05-04T10:00:00Z'));
    const context = captureContext(dir);
    expect(await runCommand(['prices', 'update', 'list.json'], context)).toBe(0);
    expect(context.stdout()).toContain('Prices of 2026-05-04 are in place');
    expect(storedDate()).toBe('2026-05-04');
  });

  it('takes the day it is told', async () => {
    writeFileSync(join(dir, 'list.json'), LITELLM);
    expect(await runCommand(['prices', 'update', 'list.json', '--date', '2026-03-02'], captureContext(dir))).toBe(0);
    expect(storedDate()).toBe('2026-03-02');
  });

  it('takes a list from an address, with the day of the answer', async () => {
    const server = createServer((_request, response) => {
      response.setHeader('last-modified', 'Wed, 01 Apr 2026 00:00:00 GMT').end(LITELLM);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list.json`;
    expect(await runCommand(['prices', 'update', url], captureContext(dir))).toBe(0);
    server.closeAllConnections();
    server.close();
    expect(storedDate()).toBe('2026-04-01');
  });

  it.each([
    [['gone.json'], 'gone.json cannot be read', 1],
    [['bad.json'], 'Nothing was replaced', 1],
    [['bad.json', '--date', '2026-02-30'], 'must be a day', 2],
  ])('replaces nothing with %j', async (args, message, code) => {
    writeFileSync(join(dir, 'bad.json'), '{"acme/large": 1}');
    const context = captureContext(dir);
    expect(await runCommand(['prices', 'update', ...args], context)).toBe(code);
    expect(context.stderr()).toContain(message);
    expect(() => storedDate()).toThrow();
  });
});
