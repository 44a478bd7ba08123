// Checks who imports whom; part of npm test. The rules are in lib/import-rules/rules.mjs.
import { checkImports } from './lib/import-rules/check-imports.mjs';
import { ROOT } from './lib/setup.mjs';

const { files, violations } = checkImports(ROOT);
for (const { file, line, rule, message } of violations) console.error(`${file}:${line}  ${rule}  ${message}`);
if (violations.length > 0) {
  console.error(`${violations.length} broken import rules in ${files} files.`);
  process.exitCode = 1;
} else console.log(`Import rules hold in ${files} files.`);
