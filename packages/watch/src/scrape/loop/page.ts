/** A measurement that stands for others, mostly with the trace it comes from. */
export interface PageExemplar {
  /** In any order, names unique. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
  /** Milliseconds since the epoch, where the target says so; else the time of its sample counts. */
  readonly timestampMs: number | undefined;
}

/** A sample of a page, before relabelling. */
export interface PageSample {
  readonly name: string;
  /** In any order, names unique, without the metric's name. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
  /** Milliseconds since the epoch, where the target says so. */
  readonly timestampMs: number | undefined;
  readonly exemplar?: PageExemplar | undefined;
}

/** What a target says of a metric. */
export interface PageMetadata {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** What a scrape fetched. */
export type Page =
  | {
      readonly kind: 'page';
      readonly samples: readonly PageSample[];
      readonly metadata: readonly PageMetadata[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** Where pages come from: over HTTP, or from this process. */
export interface PageSource {
  /** Never throws. Gives up when the signal says so. */
  read(signal: AbortSignal): Promise<Page>;
}

/** The text formats of Prometheus. */
export type PageFormat = 'text' | 'openmetrics';

/** Reads a page's text; `undefined` kinds of samples do not exist: half a page is a failure. */
export type ParsePage = (text: string, format: PageFormat) => Page;
