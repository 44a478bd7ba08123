// Bundles the SDK into self-contained files for ESM and CommonJS, and checks that its types are self-contained too.
// Runs after `tsc -b`, which writes the declarations.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const common = {
  absWorkingDir: root,
  entryPoints: {
    index: 'src/index.ts',
    fastify: 'src/integrations/fastify.ts',
    express: 'src/integrations/express.ts',
    hono: 'src/integrations/hono.ts',
    'node-http': 'src/integrations/node-http.ts',
  },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  conditions: ['vedetta-source'],
  logLevel: 'warning',
};

await build({ ...common, format: 'esm' });
await build({
  ...common,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // CommonJS has no `import.meta`.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
});

const entries = Object.values(common.entryPoints).map((source) => source.replace(/^src\/(.*)\.ts$/, '$1.d.ts'));
for (const file of declarationsBehind(entries)) {
  const types = readFileSync(file, 'utf8');
  const unpublished = /@vedetta\/(?:metrics|model|providers)/.exec(types)?.[0];
  if (unpublished !== undefined) {
    throw new Error(`${file} mentions ${unpublished}, which is not published: write the type out in the SDK`);
  }
  // TypeScript takes a .d.ts beside an ESM package for ESM; CommonJS needs declarations of its own.
  const commonJs = types
    .replace(/(from '|import\(')(\.[^']*)\.js'/g, "$1$2.cjs'")
    .replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
  writeFileSync(file.replace(/\.d\.ts$/, '.d.cts'), commonJs);
}

/**
 * The declarations that the entries lead to: what a user's compiler sees.
 * @param {readonly string[]} entries
 */
function declarationsBehind(entries) {
  const found = new Set(entries.map((entry) => join(dist, entry)));
  for (const file of found) {
    for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from '|import\(')(\.[^']*)\.js'/g)) {
      found.add(join(dirname(file), `${path}.d.ts`));
    }
  }
  return found;
}
