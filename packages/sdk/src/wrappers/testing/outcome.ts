/** What a caller sees of a call: all of it that can be compared. */
export interface Outcome {
  readonly promise: object | undefined;
  readonly prototype: object | undefined;
  readonly members: readonly PropertyKey[];
  readonly requestId: unknown;
  readonly value: unknown;
  readonly pieces: readonly unknown[] | undefined;
  readonly error: unknown;
}

/** Makes a call and looks at what comes of it; a stream is read to its end. */
export async function outcomeOf(call: () => unknown): Promise<Outcome> {
  let promise: object | undefined;
  let value: unknown;
  const pieces: unknown[] = [];
  try {
    const answer = call();
    promise = Object.getPrototypeOf(answer) as object;
    value = await answer;
    const isStream = typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
    if (isStream) for await (const piece of value as AsyncIterable<unknown>) pieces.push(piece);
    return {
      promise,
      prototype: Object.getPrototypeOf(value) as object,
      members: Reflect.ownKeys(value as object).filter(
        (key) => Object.getOwnPropertyDescriptor(value, key)?.enumerable,
      ),
      requestId: (value as { readonly _request_id?: unknown })._request_id,
      value: isStream ? undefined : value,
      pieces: isStream ? pieces : undefined,
      error: undefined,
    };
  } catch (error) {
    return {
      promise,
      prototype: undefined,
      members: [],
      requestId: undefined,
      value: undefined,
      pieces,
      error: describe(error),
    };
  }
}

/** An error with its class, its message and its fields. */
function describe(error: unknown): unknown {
  const { message } = error as Error;
  const fields = { ...(error as object) } as { headers?: unknown };
  // Two answers of one server differ in their date.
  fields.headers =
    fields.headers instanceof Headers ? [...fields.headers].filter(([name]) => name !== 'date') : fields.headers;
  return { prototype: Object.getPrototypeOf(error) as object, message, ...fields };
}
