import type { ServedModel, Upstream } from './served-model.js';

/** How the models of one kind of provider are listed, without spending a token. */
export interface ModelListing {
  /** Paths to ask, together; the first must answer for the upstream to count as listed. */
  readonly paths: readonly string[];
  headers(upstream: Upstream): Readonly<Record<string, string>>;
  /** The models in the answers, in the order of `paths`; `undefined` for one that failed. Any JSON may come. */
  read(answers: readonly unknown[]): readonly ServedModel[];
  /** Path of Prometheus metrics that such a server may have. */
  readonly metricsPath?: string;
}

/** More models than any provider has; a longer list is hostile. */
export const MAX_MODELS = 5000;
const MAX_NAME = 300;

/** Each item of a list turned into a model; items without a usable name are left out. */
export function readModels(list: unknown, nameOf: (item: unknown) => unknown): { item: unknown; model: string }[] {
  if (!Array.isArray(list)) return [];
  const models = new Map<string, { item: unknown; model: string }>();
  for (const item of list.slice(0, MAX_MODELS)) {
    const model = nameOf(item);
    if (typeof model === 'string' && model !== '' && model.length <= MAX_NAME) models.set(model, { item, model });
  }
  return [...models.values()];
}
