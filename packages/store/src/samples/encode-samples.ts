import { OpenChunks } from './open-chunks.js';
import type { SampleColumns } from './sample-chunk.js';
import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';

/** One for all: its memory is used again. */
const PACKER = new OpenChunks();

/** All samples in one chunk; the timestamps must ascend. */
export function encodeSamples({ timestampsMs, values }: SampleColumns): Uint8Array {
  const count = timestampsMs.length;
  if (values.length !== count) throw new RangeError(`${count} timestamps and ${values.length} values`);
  const bits = new Uint32Array(values.buffer, values.byteOffset, count * 2);
  const slot = PACKER.columns.take();
  for (let i = 0; i < count; i += 1) {
    PACKER.append(slot, timestampsMs[i] as number, bits[i * 2 + HIGH_WORD] as number, bits[i * 2 + LOW_WORD] as number);
  }
  const chunk = PACKER.toChunk(slot);
  PACKER.drop(slot);
  PACKER.columns.giveBack(slot);
  return chunk;
}
