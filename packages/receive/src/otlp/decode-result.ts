import type { RawSpan } from '@vedetta/model';

/**
 * What became of a body. `invalid`: nothing of it can be read; answer 400. `ok`: `spans` are to be stored; `rejected` of them
 * can never be accepted and `rejectedReason` says why (`''` when none); `truncated` counts values, events, links and
 * attributes that were cut by a limit.
 */
export type DecodeResult =
  | {
      readonly kind: 'ok';
      readonly spans: RawSpan[];
      readonly rejected: number;
      readonly rejectedReason: string;
      readonly truncated: number;
    }
  | { readonly kind: 'invalid'; readonly message: string };

/** Thrown by the readers for a body that cannot be decoded, caught by `decodeTraces`: it never leaves this folder. */
export class InvalidBody extends Error {}
