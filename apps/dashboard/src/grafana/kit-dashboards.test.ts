import { readdirSync, readFileSync } from 'node:fs';
import { parsePromql } from '@vedetta/query';
import { expect, test } from 'vitest';
import { interpolate, type VariableValue } from './interpolate.js';
import { asList, asObject } from './json.js';
import { parseDashboardText } from './parse-dashboard.js';

const FOLDER = new URL('../../../../kit/grafana/dashboards/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const BUILT_IN = new Map<string, VariableValue>(
  ['__interval', '__rate_interval', '__range'].map((name) => [name, { values: ['5m'], pattern: false }]),
);

test('there are two', () => expect(FILES.sort()).toEqual(['ai-chat-analytics.json', 'system-overview.json']));

test.each(FILES)('%s is drawn whole, and as Grafana wants it', (file) => {
  const parsed = parseDashboardText(readFileSync(new URL(file, FOLDER), 'utf8'));
  if (parsed.kind === 'invalid') throw new Error(parsed.message);
  const { dashboard } = parsed;
  expect([dashboard.time, dashboard.refreshMs, dashboard.notes]).toEqual([{ from: 'now-1h', to: 'now' }, 30_000, []]);
  expect(dashboard.uid).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
  expect(dashboard.source.id).toBeUndefined();
  expect(dashboard.source.schemaVersion).toBeLessThanOrEqual(42);
  const panels = dashboard.rows.flatMap((row) => row.panels);
  const names = new Set(dashboard.variables.map(({ name }) => name));
  const values = new Map<string, VariableValue>(BUILT_IN);
  for (const name of names) values.set(name, { values: ['a', 'b'], pattern: true });
  for (const panel of panels) {
    expect([panel.title, panel.notes, panel.kind]).toEqual([panel.title, [], expect.not.stringMatching('unsupported')]);
    expect(panel.targets.length).toBeGreaterThan(0);
    for (const target of panel.targets) {
      expect([panel.title, target.fault]).toEqual([panel.title, '']);
      const expr = interpolate(target.expr, values, 'promql');
      expect(expr).not.toContain('$');
      expect(() => parsePromql(expr)).not.toThrow();
    }
  }
  const raw = asList(dashboard.source.panels).map((panel) => asObject(panel) ?? {});
  const ids = raw.flatMap((panel) => [panel.id, ...asList(panel.panels).map((inner) => asObject(inner)?.id)]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const a of panels) {
    for (const b of panels) {
      if (a === b) continue;
      const [p, q] = [a.gridPos, b.gridPos];
      const apart = p.x + p.w <= q.x || q.x + q.w <= p.x || p.y + p.h <= q.y || q.y + q.h <= p.y;
      expect([a.title, b.title, apart]).toEqual([a.title, b.title, true]);
    }
  }
});
