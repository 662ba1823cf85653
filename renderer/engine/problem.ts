import type { LociError } from '../../app/contract/errors.ts';

const isLociError = (data: unknown): data is LociError =>
  typeof data === 'object' && data !== null && 'code' in data && 'message' in data && 'hint' in data;

/** An HTTP answer that carries the reason why the engine refused; failed calls of the contract carry it alike. */
export class RefusedError extends Error {
  readonly data: unknown;

  constructor(message: string, data: unknown) {
    super(message);
    this.name = 'RefusedError';
    this.data = data;
  }
}

/** What a person is told about a call that failed. */
export const problemOf = (thrown: unknown): LociError => {
  if (thrown instanceof Error && 'data' in thrown && isLociError(thrown.data)) {
    return thrown.data;
  }
  return {
    code: 'internal',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    hint: 'Try again. If it stays so, restart Loci and report what you did.',
  };
};
