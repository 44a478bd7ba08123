/** A function or method of unknown signature. */
export type Method = (...args: unknown[]) => unknown;

/**
 * The function itself, but that a call on the view (or on what it shows) is made by `run`; on any other `this` it is the
 * function's own.
 */
export function onTarget(fn: Method, view: object, target: object, run: (args: unknown[]) => unknown): Method {
  return new Proxy(fn, {
    apply: (_fn, self, args) => (self === view || self === target ? run(args) : Reflect.apply(fn, self, args)),
  });
}

/** A Proxy must show members that can neither be changed nor redefined as they are. */
export function isReplaceable(target: object, key: PropertyKey): boolean {
  const own = Reflect.getOwnPropertyDescriptor(target, key);
  return own === undefined || own.configurable === true || own.writable === true;
}

/** Makes the view of an object once, so that two looks at it see the same. */
export function createViews(): <V extends object>(original: V, make: () => V) => V {
  const views = new WeakMap<object, object>();
  return <V extends object>(original: V, make: () => V): V => {
    const known = views.get(original);
    if (known !== undefined) return known as V;
    const made = make();
    views.set(original, made);
    return made;
  };
}
