import { ORPCError } from '@orpc/client';
import type { LociError } from '../../app/contract/errors.ts';

const isLociError = (data: unknown): data is LociError =>
  typeof data === 'object' && data !== null && 'code' in data && 'message' in data && 'hint' in data;

/** What a person is told about a call that failed. */
export const problemOf = (thrown: unknown): LociError => {
  if (thrown instanceof ORPCError && isLociError(thrown.data)) {
    return thrown.data;
  }
  return {
    code: 'internal',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    hint: 'Try again. If it stays so, restart Loci and report what you did.',
  };
};
