/** What a call is billed for beside tokens, as far as it is known. Numbers from 0; seconds may be fractions. */
export interface LlmUnits {
  /** Pictures that were read. */
  readonly inputImages?: number;
  /** Pictures that were made. */
  readonly outputImages?: number;
  /** Of the pictures made: `1024x1024`. */
  readonly imageSize?: string;
  /** Of the pictures made: `hd`, `low`... */
  readonly imageQuality?: string;
  /** Seconds of audio or video. */
  readonly inputSeconds?: number;
  readonly outputSeconds?: number;
  /** Unicode code points. */
  readonly inputCharacters?: number;
  readonly outputCharacters?: number;
  /** Searches of a ranking, as its provider bills them. */
  readonly searchUnits?: number;
  /** Searches of the web, on top of tokens. */
  readonly webSearches?: number;
  readonly pages?: number;
}
