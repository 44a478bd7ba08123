/** What one LLM call cost, with its provenance. A cost that is not known is absent, never 0. */
export interface CallCost {
  readonly usd: number;
  readonly source: CostSource;
  /** The tokens or units behind it were estimated. */
  readonly estimated: boolean;
  /** Entry of the price list: `openai/gpt-4o`. Absent when the sender stated the cost. */
  readonly priceKey?: string;
  /** Date of the price list the entry comes from: `2026-08-14`. */
  readonly priceDate?: string;
  /** Of a local model: what the same tokens would cost in USD at {@link elsewhereKey}. */
  readonly elsewhereUsd?: number;
  /** Entry of the price list that a local model is compared with. */
  readonly elsewhereKey?: string;
}

/** `supplied` by the sender, `priced` by the price list, `local` for models that run on the user's own machines and cost nothing a call. */
export type CostSource = 'supplied' | 'priced' | 'local';
