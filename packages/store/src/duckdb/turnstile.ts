/** Lets one task at a time through, in the order they came: the writer's connection has one transaction. */
export class Turnstile {
  #tail: Promise<unknown> = Promise.resolve();

  /** Settles as the task does. A task that throws does not stop those behind it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
