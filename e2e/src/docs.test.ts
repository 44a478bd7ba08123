import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerProcess } from './support/server-process.js';
import { startServerProcess } from './support/server-process.js';

// Every fence of README.md and docs/*.md in `js`, `sh`, `sql` or `json` runs here against a server of its own; a fence that
// cannot says why: ```sh no-run: starts the server itself
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(ROOT, 'apps/cli/bin/vedetta.cjs');
const RUNNERS: Readonly<Record<string, string>> = { js: 'node', sh: 'bash', sql: 'sql', json: 'json' };

interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

const snippets = (await Promise.all((await pages()).map(readSnippets))).flat();

let server: ServerProcess;
let folder: string;
beforeAll(async () => {
  server = await startServerProcess({ otlp: true });
  // Inside the workspace, so that a snippet's imports resolve as they do for a user who installed the packages.
  await mkdir(join(ROOT, 'e2e', '.snippets'), { recursive: true });
  folder = await mkdtemp(join(ROOT, 'e2e', '.snippets', 'run-'));
});
afterAll(async () => {
  await server?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

describe('every snippet of the docs runs', () => {
  test('there are some', () => expect(snippets.length).toBeGreaterThan(5));

  test.each(snippets.map((snippet) => [`${snippet.file}:${snippet.line} (${snippet.language})`, snippet] as const))(
    '%s',
    async (_, snippet) => {
      const code = snippet.code
        .replaceAll('http://127.0.0.1:8080', server.url)
        .replaceAll('http://localhost:8080', server.url)
        .replaceAll('http://127.0.0.1:4318', server.otlpUrl!)
        .replaceAll('http://localhost:4318', server.otlpUrl!);
      if (snippet.language === 'json') expect(() => JSON.parse(code)).not.toThrow();
      else expect(await runSnippet(RUNNERS[snippet.language]!, code)).toMatchObject({ exitCode: 0 });
    },
  );
});

async function runSnippet(runner: string, code: string): Promise<{ exitCode: number | null; output: string }> {
  const file = join(folder, `snippet-${Math.random().toString(36).slice(2)}.${runner === 'node' ? 'mjs' : 'txt'}`);
  await writeFile(file, code);
  const [command, ...args] =
    runner === 'node'
      ? [process.execPath, file]
      : runner === 'bash'
        ? ['bash', '-euo', 'pipefail', file]
        : [process.execPath, BIN, 'sql', code];
  const child = spawn(command!, args, {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${join(ROOT, 'node_modules', '.bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
      VEDETTA_ENDPOINT: server.url,
      VEDETTA_PORT: new URL(server.url).port,
      VEDETTA_DATA_DIR: server.dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  // A snippet that starts a web server runs on: it has shown that it starts.
  const timer = setTimeout(() => child.kill('SIGTERM'), 8000);
  const exitCode = await new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)));
  clearTimeout(timer);
  return { exitCode: /listen\(/.test(code) && exitCode === null ? 0 : exitCode, output };
}

async function pages(): Promise<string[]> {
  const docs = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  return ['README.md', ...docs.sort()];
}

async function readSnippets(file: string): Promise<Snippet[]> {
  const lines = (await readFile(join(ROOT, file), 'utf8')).split('\n');
  const found: Snippet[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const open = /^```(\w+)(.*)$/.exec(lines[index]!);
    if (open === null) continue;
    const end = lines.indexOf('```', index + 1);
    const language = open[1]!;
    if (Object.hasOwn(RUNNERS, language) && !open[2]!.includes('no-run:')) {
      found.push({ file, line: index + 1, language, code: lines.slice(index + 1, end).join('\n') });
    }
    index = end;
  }
  return found;
}
