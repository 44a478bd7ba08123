/** Values of labels by name. Few different ones: a model or a plan, never an id or a text of a user. */
export type LabelValues<Label extends string> = { readonly [name in Label]: string | number | boolean };

/** Amount and labels as a method of an instrument takes them: no labels where it has none. */
type Recorded<Label extends string> = [Label] extends [never]
  ? [value: number]
  : [value: number, labels: LabelValues<Label>];
/** The same where 1 is meant when no amount is given. */
type Counted<Label extends string> = [Label] extends [never] ? [amount?: number] : Recorded<Label>;
type Labelled<Label extends string> = [Label] extends [never] ? [] : [labels: LabelValues<Label>];

/** What an instrument measures. */
export interface InstrumentOptions<Label extends string = never> {
  /** Letters, digits and `_`, with the unit: `upload_size_bytes`. Names of counters end in `_total`. */
  readonly name: string;
  /** A sentence for people who see the name for the first time. */
  readonly help?: string;
  readonly labels?: readonly Label[];
  /** Series beyond this many go to one whose labels are all `other`, and are counted. Default: the monitor's. */
  readonly maxSeries?: number;
}

/** A number that only grows. No method throws; amounts below zero or not finite are ignored. */
export interface Counter<Label extends string = never> {
  /** Adds, 1 by default. */
  add(...recorded: Counted<Label>): void;
  /** One series, looked up once: for places that count very often. */
  with(...labels: Labelled<Label>): Counter;
}

/** A number that goes up and down. No method throws; what is no number is ignored. */
export interface Gauge<Label extends string = never> {
  set(...recorded: Recorded<Label>): void;
  /** Changes the value, from 0 on. */
  add(...recorded: Recorded<Label>): void;
  with(...labels: Labelled<Label>): Gauge;
}

/** Counts of observations by size. No method throws; what is no finite number is ignored. */
export interface Histogram<Label extends string = never> {
  observe(...recorded: Recorded<Label>): void;
  /**
   * Observes the seconds that `fn` takes, until its promise settles or its generator ends when it returns one, failed or not.
   * Throws what `fn` throws.
   */
  time<T>(fn: () => T, ...labels: Labelled<Label>): T;
  with(...labels: Labelled<Label>): Histogram;
}
