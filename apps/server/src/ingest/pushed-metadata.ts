import type { PushedMetadata } from '@vedetta/receive';

const MAX_METRICS = 20_000;

/** What senders say of the metrics they push: the latest word of each, of so many metrics and no more. */
export class PushedMetadataRegistry {
  readonly #byName = new Map<string, PushedMetadata>();

  add(metadata: readonly PushedMetadata[]): void {
    for (const entry of metadata) {
      if (this.#byName.has(entry.name) || this.#byName.size < MAX_METRICS) this.#byName.set(entry.name, entry);
    }
  }

  all(): Iterable<PushedMetadata> {
    return this.#byName.values();
  }
}
