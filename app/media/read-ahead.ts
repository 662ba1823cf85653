/** Makes each value in order, the next few already while the reader is still busy with the last one. */
export async function* readAhead<Input, Output>(
  inputs: Iterable<Input>,
  make: (input: Input) => Promise<Output>,
  ahead: number,
): AsyncGenerator<Output, void, undefined> {
  const iterator = inputs[Symbol.iterator]();
  const pending: Promise<Output>[] = [];
  const refill = (): void => {
    while (pending.length < ahead) {
      const next = iterator.next();
      if (next.done === true) {
        return;
      }
      const output = make(next.value);
      // A reader that leaves early never awaits what was begun for it.
      output.catch(() => undefined);
      pending.push(output);
    }
  };
  for (;;) {
    refill();
    const first = pending.shift();
    if (first === undefined) {
      return;
    }
    yield await first;
  }
}

/**
 * Asks a generator for its next few values while the reader is still busy with the last one. When the reader leaves,
 * `stop` is called first, so that a request under way ends soon.
 */
export async function* prefetch<Value>(
  source: AsyncGenerator<Value, void, undefined>,
  ahead: number,
  stop: () => void,
): AsyncGenerator<Value, void, undefined> {
  const pending: Promise<IteratorResult<Value, void>>[] = [];
  try {
    for (;;) {
      while (pending.length < ahead) {
        const next = source.next();
        next.catch(() => undefined);
        pending.push(next);
      }
      const first = await pending.shift();
      if (first === undefined || first.done === true) {
        return;
      }
      yield first.value;
    }
  } finally {
    stop();
    await source.return();
  }
}
