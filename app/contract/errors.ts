import { z } from 'zod';

/**
 * Every outcome that a person may have to react to, and whose fault it is: `input` (exit code 1), `usage` (2) or
 * `internal` (3).
 */
export const errorFaults = {
  'source-not-found': 'input',
  'source-unreadable': 'input',
  'source-unsupported': 'input',
  'source-empty': 'input',
  'source-truncated': 'input',
  'frame-unreadable': 'input',
  'frame-missing': 'input',
  'depth-size-mismatch': 'input',
  'timestamp-invalid': 'input',
  'depth-unit': 'input',
  'pose-invalid': 'input',
  'pose-unknown': 'input',
  'robot-invalid': 'input',
  'log-invalid': 'input',
  'intrinsics-missing': 'input',
  'intrinsics-invalid': 'input',
  'scale-unknown': 'input',
  'place-not-recognised': 'input',
  'disk-full': 'input',
  'library-not-found': 'input',
  'library-read-only': 'input',
  'library-newer': 'input',
  'library-locked': 'input',
  'library-damaged': 'input',
  'environment-not-found': 'input',
  'session-not-found': 'input',
  'session-exists': 'input',
  'session-incomplete': 'input',
  'keyframe-not-found': 'input',
  'labels-invalid': 'input',
  'scene-invalid': 'input',
  'edit-invalid': 'input',
  'floor-not-found': 'input',
  'nothing-to-undo': 'input',
  'nothing-to-export': 'input',
  'path-invalid': 'input',
  'output-exists': 'input',
  'output-unwritable': 'input',
  'tool-missing': 'input',
  'port-in-use': 'input',
  cancelled: 'input',
  'bad-usage': 'usage',
  internal: 'internal',
} as const satisfies Record<string, 'input' | 'usage' | 'internal'>;

/** Names one kind of failure; stable, so that scripts can rely on it. */
export type ErrorCode = keyof typeof errorFaults;

export const errorCodeSchema = z.enum(Object.keys(errorFaults) as [ErrorCode, ...ErrorCode[]]);

/**
 * A failure as a value: what went wrong (`message`, one line, names the file), and the remedy (`hint`).
 * `place` says where inside the file: a frame, a line, a field.
 */
export const lociErrorSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  hint: z.string(),
  file: z.string().optional(),
  place: z.string().optional(),
});
export type LociError = z.infer<typeof lociErrorSchema>;

/** Either a value or the reason why there is none. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: LociError };

/** Wraps a value as a success. */
export const success = <T>(value: T): Result<T> => ({ ok: true, value });

/** Wraps a reason as a failure. */
export const failure = (error: LociError): { readonly ok: false; readonly error: LociError } => ({ ok: false, error });

/** Makes a `LociError`; `at` names the file and the place in it, where there is one. */
export const lociError = (
  code: ErrorCode,
  message: string,
  hint: string,
  at: { readonly file?: string; readonly place?: string } = {},
): LociError => ({ code, message, hint, ...at });

/** Carries a `LociError` through code that cannot return it, such as a write deep inside a pipeline; caught at the top. */
export class LociException extends Error {
  readonly error: LociError;

  constructor(error: LociError, options?: ErrorOptions) {
    super(error.message, options);
    this.name = 'LociException';
    this.error = error;
  }
}

/** Turns whatever was thrown into a `LociError`, for the outermost boundary only: a fault of ours unless known. */
export const fromThrown = (thrown: unknown): LociError => {
  if (thrown instanceof LociException) {
    return thrown.error;
  }
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (code === 'ENOSPC' || /no space left on device/i.test(message)) {
    return lociError(
      'disk-full',
      `The disk is full: ${message}`,
      'Free some space and run the same command again; it resumes.',
    );
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return lociError(
      'library-read-only',
      `Not allowed to write: ${message}`,
      'Check the permissions of the folder or choose another library.',
    );
  }
  return lociError('internal', message, 'This is a fault of Loci. Please report it with the command that you ran.');
};

/** One line for a terminal: the message, then the remedy. */
export const describeError = (error: LociError): string => `${error.message} (${error.code}). ${error.hint}`;
