/** Takes the text of one event and the event's name, `''` when it has none. */
export type OnEvent = (text: string, name: string) => void;

/**
 * Reads the events of one stream from its bytes, however they are cut. Never throws; what is longer than the limit is left
 * out and said in {@link StreamReader.cut}.
 */
export interface StreamReader {
  push(chunk: Buffer): void;
  /** The stream is over: an event that lacks its end is given too. */
  end(): void;
  /** Events were left out because they were too long. */
  readonly cut: boolean;
}

/** Longest event that is read: more than any piece of text, as much as a picture. */
export const MAX_EVENT_BYTES = 4 * 1024 * 1024;
