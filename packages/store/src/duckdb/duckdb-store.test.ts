import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runStoreContract } from '../contract/store-contract.js';
import { openDuckDbStore } from './open-store.js';

const folder = mkdtempSync(join(tmpdir(), 'vedetta-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

runStoreContract('DuckDB', (place, options) =>
  openDuckDbStore({ path: join(folder, place, 'vedetta.duckdb'), groupCommitMs: 1, ...options }),
);
