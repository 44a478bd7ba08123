/** One measured figure. `pass` is absent where there is no aim to hold. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same work by a peer, or the limit of the machine, measured in the same run. */
  readonly ratioTo?: { readonly peer: string; readonly ratio: number };
  readonly aim?: string;
  readonly pass?: boolean;
}
