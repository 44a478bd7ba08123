/**
 * How much of one body is kept. What is over a limit is cut and counted while it is read, before memory is taken for it;
 * only spans over `maxSpans` are rejected.
 */
export interface DecodeLimits {
  /** Spans of one body; the rest is rejected and counted. */
  readonly maxSpans: number;
  /** Attributes of one span, event, link, resource or map; the first ones are kept. Dialects that flatten conversations need many. */
  readonly maxAttributes: number;
  /** UTF-8 bytes of a string that is no prompt or response. */
  readonly maxValueBytes: number;
  /** UTF-8 bytes of a string under a key that holds prompts, responses, tool arguments or documents. */
  readonly maxContentBytes: number;
  /** Members of arrays and maps in one span, all levels together (an embedding is an array of numbers). */
  readonly maxValueNodes: number;
  readonly maxEvents: number;
  readonly maxLinks: number;
  /** UTF-8 bytes of span, event, scope names and of attribute keys. */
  readonly maxNameBytes: number;
  /** Levels of arrays and maps in an attribute; a deeper body is invalid. */
  readonly maxDepth: number;
  /** How far ahead of this machine's clock a span may start or end. */
  readonly maxFutureMs: number;
}

/** The limits used where the configuration names none. */
export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxSpans: 200_000,
  maxAttributes: 4096,
  maxValueBytes: 64 * 1024,
  maxContentBytes: 1024 * 1024,
  maxValueNodes: 65_536,
  maxEvents: 1024,
  maxLinks: 256,
  maxNameBytes: 1024,
  maxDepth: 32,
  maxFutureMs: 24 * 3600 * 1000,
};
