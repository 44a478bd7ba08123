import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../e2e/vedetta-process.js';
import { runCommand } from './main.js';
import { captureContext } from './testing/captured-context.js';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vedetta-main-'));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the command line', () => {
  it.each<[string[], string]>([
    [['fly'], "unknown command 'fly'"],
    [['strat'], 'Did you mean start?'],
    [['start', 'eighty'], "'eighty' is invalid"],
    [['start', '65536'], 'from 0 to 65535'],
    [['start', '8080', '9090'], 'too many arguments'],
    [['start', '--prot', '1'], "unknown option '--prot'"],
    [['sql', 'select 1', '--jsn'], 'too many arguments'],
    [['sql'], "missing required argument 'statement'"],
    [['sql', 'select 1', '--json', '--csv'], 'Only one of'],
    [['logs', '-n', '0'], 'from 1 to'],
    [['cleanup', '--days', '-1'], 'from 0 to'],
    [['cleanup', '--days', '0'], 'Add --yes'],
    [['demo', '--fast'], '--fast replays a workload'],
    [['demo', '--speed', '0'], 'greater than 0'],
    [['demo', '--workload', 'gone.csv'], 'gone.csv cannot be read'],
  ])('refuses %j', async (args, message) => {
    const context = captureContext(dir);
    expect(await runCommand(args, context)).toBe(2);
    expect(context.stderr()).toContain(message);
    expect(context.stdout()).toBe('');
  });

  it.each<[string[], string]>([
    [[], 'Commands:'],
    [['help'], 'Commands:'],
    [['--help'], 'Commands:'],
    [['help', 'sql'], 'time_logs'],
    [['sql', '--help'], 'time_logs'],
    [['--version'], '0.1.0'],
  ])('helps with %j', async (args, text) => {
    const context = captureContext(dir);
    expect(await runCommand(args, context)).toBe(0);
    expect(context.stdout()).toContain(text);
    expect(context.stderr()).toBe('');
  });

  it.each<[NodeJS.ProcessEnv, string[], string]>([
    [{ VEDETTA_PROT: '1' }, [], 'VEDETTA_PORT'],
    [{ VEDETTA_RETENTION_DAYS: 'soon' }, [], 'VEDETTA_RETENTION_DAYS'],
    [{}, ['--host', '0.0.0.0'], 'VEDETTA_API_KEY'],
    [{}, ['--config', 'gone.yaml'], 'gone.yaml'],
    [{}, ['--content', 'some'], 'preview'],
    [{}, ['--otlp-port', 'on'], '--otlp-port'],
  ])('names the fault in the configuration %j %j', async (env, args, message) => {
    const context = captureContext(dir, env);
    expect(await runCommand(['start', ...args], context)).toBe(9);
    expect(context.stderr()).toContain(message);
    expect(context.stdout()).toBe('');
  });

  it.each<[string[]]>([
    [['stop']],
    [['status']],
    [['sql', 'select 1']],
    [['sql', '-- all\nselect 1', '--json']],
    [['test']],
    [['cleanup']],
  ])('says for %j that nothing runs', async (args) => {
    const context = captureContext(dir, { VEDETTA_PORT: String(await freePort()) });
    expect(await runCommand(args, context)).toBe(3);
    expect(context.stderr()).toMatch(/is not running|No Vedetta answers/);
    expect(context.stdout()).toBe('');
  });

  it('says in JSON that nothing runs', async () => {
    const context = captureContext(dir, { VEDETTA_PORT: String(await freePort()) });
    expect(await runCommand(['status', '--json'], context)).toBe(3);
    expect(JSON.parse(context.stdout())).toMatchObject({ running: false, data_dir: dir });
  });

  it('says that there is no log', async () => {
    const context = captureContext(dir);
    expect(await runCommand(['logs'], context)).toBe(1);
    expect(context.stderr()).toContain('There is no log');
  });
});
