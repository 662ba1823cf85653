import { fromThrown, lociError, LociException } from '../contract/errors.ts';

/** The first line of what was thrown: LanceDB appends where in its own source it happened. */
const firstLine = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0]?.split(', /')[0] ?? '';

/** What a caller should see of a failure inside a library: what happened to which folder, and what to do. */
export const explainFailure = (folder: string, action: 'read' | 'write', table: string, thrown: unknown): Error => {
  if (thrown instanceof LociException || thrown instanceof RangeError) {
    return thrown;
  }
  const { code } = fromThrown(thrown);
  const at = { file: folder, place: table };
  const options = { cause: thrown };
  if (code === 'disk-full') {
    const hint = 'Free some space and run the same command again; it resumes. What was written before is safe.';
    return new LociException(lociError('disk-full', `The disk is full: ${folder} cannot grow`, hint, at), options);
  }
  if (code === 'library-read-only' || /read-only file system|permission denied/i.test(firstLine(thrown))) {
    return new LociException(readOnlyError(folder), options);
  }
  if (action === 'read') {
    const hint = 'Restore the library from a copy. Other tables can still be read.';
    const message = `${folder}: the table "${table}" cannot be read: ${firstLine(thrown)}`;
    return new LociException(lociError('library-damaged', message, hint, at), options);
  }
  return thrown instanceof Error ? thrown : new Error(firstLine(thrown), options);
};

/** The library may be read but not written. */
export const readOnlyError = (folder: string) =>
  lociError(
    'library-read-only',
    `${folder} cannot be written`,
    'Check the permissions of the folder, or choose another library.',
    { file: folder },
  );
