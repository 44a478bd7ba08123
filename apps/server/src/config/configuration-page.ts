import { SETTINGS } from './settings/settings.js';

/** `docs/configuration.md`, written from the table of settings. */
export function configurationPage(): string {
  const rows = SETTINGS.map((setting) => {
    const flag = setting.flag === undefined ? '' : `\`--${setting.flag}\``;
    const variables = setting.variables.map((name) => `\`${name}\``).join(' or ');
    const byDefault = isEmpty(setting.default) ? 'none' : `\`${String(setting.default)}\``;
    return `| \`${setting.path}\` | ${variables} | ${flag} | ${setting.type} | ${byDefault} | ${setting.description} |`;
  });
  return `# Configuration

<!-- Written from apps/server/src/config/settings/: change it there, then run \`npx vitest run -u apps/server/src/config\`. -->

Vedetta runs without any. What you set is taken from, each over the one before:

1. the defaults;
2. a file in the folder the server is started in: \`vedetta.config.ts\`, \`.js\`, \`.mjs\`, \`.yaml\`, \`.yml\` or \`.json\`, or the file that
   \`VEDETTA_CONFIG\` names;
3. \`VEDETTA_*\` variables;
4. flags of \`vedetta start\`.

A key or variable that does not exist, or a value out of range, stops the start with a sentence that names it. Lists in
variables have commas between their members. Passwords and keys have no flag, since other users of a machine can read flags.

| setting | variable | flag | type | default | meaning |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

## Examples

\`\`\`yaml
# vedetta.config.yaml
port: 9000
privacy:
  content: full
retention:
  days: 90
\`\`\`

\`\`\`js
// vedetta.config.mjs
export default {
  host: '0.0.0.0',
  access: { apiKeys: [process.env.MONITOR_KEY], allowedHosts: ['monitor.example.com'] },
};
\`\`\`

A TypeScript file needs a Node version that runs TypeScript (22.18 or newer), or esbuild in the project.
`;
}

function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
