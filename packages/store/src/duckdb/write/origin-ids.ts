import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SpanOrigin } from '@vedetta/model';

/** Origins remembered as stored; past it the oldest are forgotten and written again, which readers do not mind. */
const MAX_REMEMBERED = 20_000;

/** An origin with its id: a 64-bit hash of its content, the same in every process. */
export interface KeyedOrigin {
  readonly originId: bigint;
  readonly origin: SpanOrigin;
  readonly resourceJson: string;
}

/** Gives origins their ids and knows which are stored. */
export class OriginIds {
  readonly #keyed = new WeakMap<SpanOrigin, KeyedOrigin>();
  readonly #stored = new Set<bigint>();

  /** One origin object is shared by all spans of an envelope: hashed once. */
  keyOf(origin: SpanOrigin): KeyedOrigin {
    let keyed = this.#keyed.get(origin);
    if (keyed === undefined) {
      const resourceJson = JSON.stringify(origin.resource);
      const content = JSON.stringify([origin.serviceName, origin.scopeName, origin.scopeVersion, resourceJson]);
      keyed = { originId: createHash('sha1').update(content).digest().readBigUInt64LE(), origin, resourceJson };
      this.#keyed.set(origin, keyed);
    }
    return keyed;
  }

  isStored(originId: bigint): boolean {
    return this.#stored.has(originId);
  }

  markStored(originId: bigint): void {
    if (this.#stored.size >= MAX_REMEMBERED) {
      const oldest = this.#stored.values().next();
      if (!oldest.done) this.#stored.delete(oldest.value);
    }
    this.#stored.add(originId);
  }

  /** Reads which are stored: at the start and after a clean-up. */
  async load(connection: DuckDBConnection): Promise<void> {
    this.#stored.clear();
    const reader = await connection.runAndReadAll(`SELECT origin_id FROM data.origins LIMIT ${MAX_REMEMBERED}`);
    for (const [originId] of reader.getRows()) this.#stored.add(originId as bigint);
  }
}
