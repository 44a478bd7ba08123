#!/usr/bin/env node
// In a checkout the program builds what changed first, so that `npx vedetta` runs what is written there; an installed
// package has no sources beside it and starts at once.
require('./thread-pool.cjs');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const load = (...names) => import(pathToFileURL(join(__dirname, ...names)).href);
const scripts = ['..', '..', '..', 'scripts', 'lib'];

async function run() {
  if (existsSync(join(__dirname, '..', 'src', 'main.ts')) && existsSync(join(__dirname, ...scripts, 'setup.mjs'))) {
    (await load(...scripts, 'node-version.mjs')).requireNode();
    await (await load(...scripts, 'setup.mjs')).setUpOrExit();
  }
  const { main } = await load('..', 'dist', 'main.js');
  await main(process.argv.slice(2));
}

run();
