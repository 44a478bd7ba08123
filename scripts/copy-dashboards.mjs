// Part of npm run build: puts the dashboards of the kit beside the built server, which takes them from there.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const to = new URL('../apps/server/dist/dashboards/built-in/', import.meta.url);
// Those that are no longer in the kit go too.
rmSync(fileURLToPath(to), { recursive: true, force: true });
cpSync(fileURLToPath(new URL('../kit/grafana/dashboards/', import.meta.url)), fileURLToPath(to), { recursive: true });
