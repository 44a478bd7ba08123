import { existsSync } from 'node:fs';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser that the tests of the dashboard use: `CHROMIUM_PATH`, else the first that is installed. */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH;
  return [...(named ? [named] : []), ...CANDIDATES].find((path) => existsSync(path));
}
