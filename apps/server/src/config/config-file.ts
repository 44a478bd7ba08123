import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** File names that are looked for in the folder the server is started in; two of them at once are a fault. */
export const CONFIG_FILE_NAMES = [
  'vedetta.config.ts',
  'vedetta.config.js',
  'vedetta.config.mjs',
  'vedetta.config.yaml',
  'vedetta.config.yml',
  'vedetta.config.json',
] as const;

export type ConfigFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly file: string; readonly content: unknown }
  | { readonly kind: 'invalid'; readonly file: string; readonly message: string };

/** Finds and reads the configuration file: the one that is named, else the one in the folder. */
export async function readConfigFile(cwd: string, named: string | undefined): Promise<ConfigFile> {
  if (named !== undefined) {
    const file = path.resolve(cwd, named);
    if (existsSync(file)) return readFileContent(file);
    return { kind: 'invalid', file, message: 'there is no such file; correct VEDETTA_CONFIG or create it' };
  }
  const found = CONFIG_FILE_NAMES.filter((name) => existsSync(path.join(cwd, name)));
  if (found[0] === undefined) return { kind: 'none' };
  if (found.length > 1) {
    const message = `there are several configuration files (${found.join(', ')}); keep one of them`;
    return { kind: 'invalid', file: path.join(cwd, found[0]), message };
  }
  return readFileContent(path.join(cwd, found[0]));
}

async function readFileContent(file: string): Promise<ConfigFile> {
  try {
    return { kind: 'read', file, content: await parse(file) };
  } catch (error) {
    return { kind: 'invalid', file, message: error instanceof Error ? error.message : String(error) };
  }
}

async function parse(file: string): Promise<unknown> {
  switch (path.extname(file)) {
    case '.json':
      return JSON.parse(await readFile(file, 'utf8'));
    case '.yaml':
    case '.yml':
      // Loaded here only: most servers run without such a file, and parsing YAML is a sizeable module.
      return (await import('yaml')).parse(await readFile(file, 'utf8')) ?? {};
    case '.js':
    case '.mjs':
      return defaultExport(await import(pathToFileURL(file).href));
    case '.ts':
    case '.mts':
      return defaultExport(await importTypeScript(file));
    default:
      throw new Error('the file name must end in .ts, .js, .mjs, .yaml, .yml or .json');
  }
}

function defaultExport(module: { readonly default?: unknown }): unknown {
  if (module.default === undefined)
    throw new Error('the file must have a default export: export default { port: 8080 }');
  return module.default;
}

/** Newer Node versions run TypeScript themselves; older ones need esbuild, which a project with TypeScript mostly has. */
async function importTypeScript(file: string): Promise<{ readonly default?: unknown }> {
  if ('typescript' in process.features && process.features.typescript) return import(pathToFileURL(file).href);
  let esbuild: { transform(code: string, options: object): Promise<{ code: string }> };
  try {
    esbuild = await import('esbuild' as string);
  } catch {
    throw new Error(
      `Node ${process.versions.node} does not run TypeScript and esbuild is not installed; write it as .mjs, or install esbuild`,
    );
  }
  const { code } = await esbuild.transform(await readFile(file, 'utf8'), { loader: 'ts', format: 'esm' });
  // Beside the original, so that its own imports resolve as they are written.
  const compiled = path.join(path.dirname(file), `.vedetta-config-${randomUUID()}.mjs`);
  try {
    await writeFile(compiled, code);
    return await import(pathToFileURL(compiled).href);
  } finally {
    await rm(compiled, { force: true });
  }
}
