import { failure, lociError, type Result } from '../../contract/errors.ts';

/** A robot's description, or what comes with it, cannot be used; `place` is the line, element or field. */
export const robotInvalid = (file: string, reason: string, hint: string, place?: string): Result<never> =>
  failure(
    lociError('robot-invalid', `${file}${place === undefined ? '' : ` (${place})`}: ${reason}`, hint, {
      file,
      ...(place !== undefined && { place }),
    }),
  );

/** A log of joints or of the base cannot be used; `place` is the line or message. */
export const logInvalid = (file: string, reason: string, hint: string, place?: string): Result<never> =>
  failure(
    lociError('log-invalid', `${file}${place === undefined ? '' : ` (${place})`}: ${reason}`, hint, {
      file,
      ...(place !== undefined && { place }),
    }),
  );

/** What was thrown, in words. */
export const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
