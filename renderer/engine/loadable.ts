import { shallowRef } from 'vue';
import type { ShallowRef } from 'vue';
import type { LociError } from '../../app/contract/errors.ts';
import { problemOf } from './problem.ts';

/** Something read from the engine. A value stays while it is read again. */
export interface Loadable<T> {
  readonly state: 'idle' | 'loading' | 'ready' | 'failed';
  readonly value: T | undefined;
  readonly problem: LociError | undefined;
}

const idle = { state: 'idle', value: undefined, problem: undefined } as const;

/** A value that is read on demand. Of overlapping reads the last one asked for wins. */
export const useLoadable = <T>(): {
  readonly current: ShallowRef<Loadable<T>>;
  readonly read: (from: () => Promise<T>) => Promise<void>;
  readonly clear: () => void;
} => {
  const current = shallowRef<Loadable<T>>(idle);
  let latest = 0;
  const read = async (from: () => Promise<T>): Promise<void> => {
    const turn = ++latest;
    const { value } = current.value;
    current.value = { state: value === undefined ? 'loading' : 'ready', value, problem: undefined };
    try {
      const fresh = await from();
      if (turn === latest) {
        current.value = { state: 'ready', value: fresh, problem: undefined };
      }
    } catch (thrown) {
      if (turn === latest) {
        const problem = problemOf(thrown);
        current.value = value === undefined ? { state: 'failed', value, problem } : { state: 'ready', value, problem };
      }
    }
  };
  const clear = (): void => {
    latest += 1;
    current.value = idle;
  };
  return { current, read, clear };
};
