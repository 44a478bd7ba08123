/** Fields of a request that a filter can name, as they are written in the filter language, the URL and the CLI. */
export const FILTER_FIELDS = {
  id: 'string',
  trace: 'string',
  name: 'string',
  service: 'string',
  model: 'string',
  provider: 'string',
  modality: 'string',
  status: 'string',
  user: 'string',
  session: 'string',
  tag: 'string',
  error: 'string',
  fingerprint: 'string',
  stream: 'boolean',
  latency: 'duration',
  ttft: 'duration',
  tokens: 'number',
  input_tokens: 'number',
  output_tokens: 'number',
  cost: 'number',
  unpriced: 'number',
  estimated: 'boolean',
} as const;

/** Name of a field in {@link FILTER_FIELDS}. */
export type FilterField = keyof typeof FILTER_FIELDS;

/** How a field is compared; `~` is a case-insensitive substring, `*` in a string value of `=` matches any run of characters. */
export type FilterOperator = '=' | '>' | '>=' | '<' | '<=' | '~';

/**
 * A filter over requests as a small tree, parsed once and compiled by each store to its own query.
 * Durations are milliseconds. `text` is a case-insensitive substring in name, previews, error message, user, session or id.
 */
export type FilterNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'or'; readonly nodes: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly node: FilterNode }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'compare';
      readonly field: FilterField;
      readonly operator: FilterOperator;
      readonly value: string | number | boolean;
    };
