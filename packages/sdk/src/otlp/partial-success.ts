/** What the answer to an export (`Export...ServiceResponse`) says about spans or points that were left out. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const NONE: PartialSuccess = { rejected: 0, message: '' };

/** Reads the response in protobuf. Anything that cannot be read counts as full success: the status said so. */
export function readRejected(body: Uint8Array): PartialSuccess {
  let found = NONE;
  walk(body, (field, content) => {
    if (field === 1 && typeof content !== 'number') found = readPartial(content);
  });
  return found;
}

/** The same in JSON. */
export function readRejectedJson(body: Uint8Array): PartialSuccess {
  try {
    const { partialSuccess } = JSON.parse(Buffer.from(body).toString('utf8')) as { partialSuccess?: object };
    const { rejectedSpans, rejectedDataPoints, errorMessage } = (partialSuccess ?? {}) as Record<string, unknown>;
    const rejected = Number(rejectedSpans ?? rejectedDataPoints ?? 0);
    return {
      rejected: Number.isFinite(rejected) ? Math.max(rejected, 0) : 0,
      message: String(errorMessage ?? '').slice(0, 500),
    };
  } catch {
    return NONE;
  }
}

function readPartial(body: Uint8Array): PartialSuccess {
  let rejected = 0;
  let message = '';
  walk(body, (field, content) => {
    if (field === 1 && typeof content === 'number') rejected = content;
    if (field === 2 && typeof content !== 'number') message = Buffer.from(content).toString('utf8').slice(0, 500);
  });
  return { rejected, message };
}

/** Visits varint and length-delimited fields until the end or the first thing that makes no sense. */
function walk(body: Uint8Array, visit: (field: number, content: number | Uint8Array) => void): void {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < body.length; factor *= 128) {
      const byte = body[at] ?? 0;
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return Number.NaN;
  };
  while (at < body.length) {
    const tag = varint();
    const value = varint();
    if (Number.isNaN(tag) || Number.isNaN(value)) return;
    if (tag % 8 === 0) visit(Math.floor(tag / 8), value);
    else if (tag % 8 === 2 && at + value <= body.length) {
      visit(Math.floor(tag / 8), body.subarray(at, at + value));
      at += value;
    } else return;
  }
}
