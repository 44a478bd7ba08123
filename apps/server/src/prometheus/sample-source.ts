import type { LabelMatcher, LabelPairs, SampleReader } from '@vedetta/query';
import type { SampleCardinality } from '@vedetta/store';

/** What the API reads: samples, and which series and labels there are. The store's samples are one. */
export interface SampleSource extends SampleReader {
  /** Labels of the series that the matchers let pass, in no order, at most `limit`. */
  series(matchers: readonly LabelMatcher[], limit: number): readonly LabelPairs[];
  /** Likewise, of those only that have samples from `fromMs` to `toMs`, both inclusive; a source may name neighbours too. */
  seriesWithin(
    matchers: readonly LabelMatcher[],
    range: { readonly fromMs: number; readonly toMs: number },
    limit: number,
  ): Promise<readonly LabelPairs[]>;
  /** Sorted. */
  labelNames(matchers: readonly LabelMatcher[]): readonly string[];
  /** Sorted. */
  labelValues(name: string, matchers: readonly LabelMatcher[]): readonly string[];
  /** Where the most series and values are; each list has `limit` members at most. */
  cardinality(limit: number): SampleCardinality;
  state(): { readonly series: number };
}
