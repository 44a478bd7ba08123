/** A call of a model while it runs, as its request sees it. */
export interface RunningCall {
  /** Pieces of content that have come so far: about a token each. */
  readonly tokensSoFar: number;
  /** Ends the call because the process does. */
  abandon(): void;
}
