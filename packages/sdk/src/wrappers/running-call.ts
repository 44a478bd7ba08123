/** A call of a model while it runs, as its request sees it. */
export interface RunningCall {
  /** Pieces of content that have come so far: about a token each. */
  readonly tokensSoFar: number;
  /** `first_byte`, `first_token`, `reasoning` or `generation`, as the gateway names them. */
  readonly currentPhase: string;
  /** Ends the call because the process does. */
  abandon(): void;
}
