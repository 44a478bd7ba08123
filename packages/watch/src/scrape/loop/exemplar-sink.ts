import type { LabelPairs } from '@vedetta/query';

/** An exemplar of a page with the time it has. */
export interface ScrapedExemplar {
  /** In any order, names unique; texts may be parts of the page's. */
  readonly labels: LabelPairs;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  /** The time is that of its sample: the same exemplar has another one in the next scrape. */
  readonly borrowedTime: boolean;
}

/** Where exemplars go, when the samples they came with are stored. It may drop some, and counts them. */
export interface ExemplarSink {
  /** The labels are those that the series is stored with, the same object for the same series each time. */
  add(series: LabelPairs, exemplar: ScrapedExemplar): unknown;
}

/** An exemplar and the series it belongs to. */
export interface SeriesExemplar {
  readonly series: LabelPairs;
  readonly exemplar: ScrapedExemplar;
}
