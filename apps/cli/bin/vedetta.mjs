#!/usr/bin/env node
// In a checkout the program builds what changed first, so that `npx vedetta` runs what is written there; an installed
// package has no sources beside it and starts at once.
import { existsSync } from 'node:fs';

const setup = new URL('../../../scripts/lib/setup.mjs', import.meta.url);
const version = new URL('../../../scripts/lib/node-version.mjs', import.meta.url);

async function run() {
  if (existsSync(new URL('../src/main.ts', import.meta.url)) && existsSync(setup)) {
    (await import(version.href)).requireNode();
    await (await import(setup.href)).setUpOrExit();
  }
  const { main } = await import('../dist/main.js');
  await main(process.argv.slice(2));
}

run();
