import { readFileSync } from 'node:fs';
import { parseExposition } from '@vedetta/receive';

/** How the values of a series go on. */
export type Course = 'grows' | 'varies' | 'stays';

/** A series of every target, without the labels that name the target. */
export interface SeriesShape {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly course: Course;
  readonly first: number;
}

const PAGES = [
  { job: 'node', path: 'node_exporter/e2e-output-darwin.txt', format: 'text' },
  { job: 'program', path: 'prometheus-textparse/alltypes.5mfs.om.txt', format: 'openmetrics' },
] as const;
const FOLDER = new URL('../../../../shared/data/exposition/', import.meta.url);
const GROWING = /_(?:total|count|sum|bucket)$/;
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'gemini-2.5-pro', 'qwen3:32b'];
const PHASES = ['retrieval', 'rerank', 'prompt_build', 'llm_call', 'post_process'];
const BUCKETS = ['0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '30', '60', '+Inf'];

/** What the pages of a node exporter and a Go program hold where the shared data are, and what an application that calls models counts. */
export function readShapes(): { readonly shapes: readonly SeriesShape[]; readonly source: string } {
  const models = modelShapes();
  try {
    const pages = PAGES.flatMap(({ job, path, format }) => readPage(job, new URL(path, FOLDER), format));
    return { shapes: [...pages, ...models], source: 'node exporter, Go program, models' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { shapes: models, source: 'models only: no shared data' };
  }
}

function readPage(job: string, path: URL, format: 'text' | 'openmetrics'): SeriesShape[] {
  const page = parseExposition(readFileSync(path, 'utf8'), format, undefined, 'syntax');
  if (page.kind !== 'parsed') throw new Error(`${path.pathname}: ${page.message}`);
  return page.samples.map(({ name, labels, value }) => {
    // Pages of tests hold many zeros, which never change; those of a program that works do not.
    const course = GROWING.test(name) ? 'grows' : value === 0 || value === 1 ? 'stays' : 'varies';
    const all = [['__name__', name], ['job', job], ...labels.filter(([, text]) => text !== '')] as const;
    return { labels: all, course, first: value };
  });
}

function modelShapes(): SeriesShape[] {
  const of = (name: string, labels: [string, string][], course: Course): SeriesShape => ({
    labels: [['__name__', name], ['job', 'models'], ...labels],
    course,
    first: 0,
  });
  const histogram = (name: string, labels: [string, string][]): SeriesShape[] => [
    ...BUCKETS.map((le) => of(`${name}_bucket`, [...labels, ['le', le]], 'grows')),
    of(`${name}_sum`, labels, 'grows'),
    of(`${name}_count`, labels, 'grows'),
  ];
  return [
    ...MODELS.flatMap((model) => {
      const labels: [string, string][] = [
        ['gen_ai_operation_name', 'chat'],
        ['gen_ai_request_model', model],
      ];
      return [
        ...histogram('gen_ai_client_operation_duration_seconds', labels),
        ...['input', 'output'].map((type) => of('ai_tokens_used_total', [...labels, ['type', type]], 'grows')),
        of('ai_cost_usd_total', labels, 'grows'),
        of('ai_active_requests', labels, 'varies'),
      ];
    }),
    ...PHASES.flatMap((phase) => histogram('rag_phase_duration_seconds', [['phase', phase]])),
  ];
}
