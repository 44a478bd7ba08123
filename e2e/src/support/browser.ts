import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { describe, expect, test } from 'vitest';

/** Browsers of the system; nothing is ever downloaded. `npm test` looks in the same places. */
const CANDIDATES = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const EXECUTABLE = CANDIDATES.find((path) => path !== '' && existsSync(path));

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * `describe` for tests in a real browser. Where there is none they are skipped and say so; in CI, where one must be
 * there, they fail.
 */
export function describeInBrowser(name: string, body: () => void): void {
  if (EXECUTABLE !== undefined) describe(name, body);
  else if (process.env.CI === undefined)
    describe.skip(`${name} (skipped: no Chromium; install it or set CHROMIUM_PATH)`, body);
  else test(name, () => expect.fail('CI needs Chromium: install it or set CHROMIUM_PATH'));
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ args: ARGS, ...(EXECUTABLE !== undefined && { executablePath: EXECUTABLE }) });
}

/** A page of its own, with what went wrong in it: exceptions, and whatever the console calls an error. */
export interface WatchedPage {
  readonly page: Page;
  readonly faults: string[];
}

/** Opens a page in a fresh profile. `init` is script text that runs before the page's own. */
export async function openPage(
  browser: Browser,
  options: { url: string; theme?: 'light' | 'dark'; width?: number; height?: number; init?: string },
): Promise<WatchedPage> {
  const context = await browser.newContext({
    baseURL: options.url,
    colorScheme: options.theme ?? 'light',
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  if (options.init !== undefined) await page.addInitScript(options.init);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  return { page, faults };
}

/** Waits until what is read is as expected: `await eventually(() => rows.count()).toBe(5)`. Long, since CI machines are slow. */
export function eventually(read: () => unknown): ReturnType<typeof expect.poll> {
  return expect.poll(read, { timeout: 15_000 });
}
