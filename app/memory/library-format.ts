import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure, lociError, success } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';

/** The version of the folder's layout and tables that this program reads and writes. */
export const libraryVersion = 1;

const fileName = 'library.json';

/** What makes a folder a library. Later versions may add properties, but keep these two. */
const markSchema = z.object({ format: z.literal('loci-library'), version: z.int().positive() });

const damaged = (file: string, place: string): LociError =>
  lociError(
    'library-damaged',
    `${file} is damaged (${place})`,
    'Restore it from a copy of the library; its other files were not touched.',
    { file, place },
  );

const notFound = (folder: string, what: string): LociError =>
  lociError('library-not-found', `${folder} ${what}`, 'Name the folder of a library, or a new or empty folder.', {
    file: folder,
  });

const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;

/** Whether `folder` holds a library that this program can use, without touching it. */
export const checkLibrary = async (folder: string): Promise<Result<void>> => {
  const file = join(folder, fileName);
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR') {
      return failure(notFound(folder, `is not a Loci library: it has no ${fileName}`));
    }
    throw thrown;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (thrown) {
    return failure(damaged(file, thrown instanceof Error ? thrown.message : 'not JSON'));
  }
  const mark = markSchema.safeParse(parsed);
  if (!mark.success) {
    return failure(damaged(file, 'format or version is missing'));
  }
  if (mark.data.version > libraryVersion) {
    return failure(
      lociError(
        'library-newer',
        `${folder} was written by a newer Loci (library version ${mark.data.version}, this one reads ${libraryVersion})`,
        'Open it with a newer Loci. Nothing was changed.',
        { file },
      ),
    );
  }
  return success(undefined);
};

/** Makes a new or empty folder a library; leaves one that is a library already as it is. */
export const createLibrary = async (folder: string): Promise<Result<void>> => {
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST' || codeOf(thrown) === 'ENOTDIR') {
      return failure(notFound(folder, 'is a file, not a folder'));
    }
    throw thrown;
  }
  // The mark comes last: what a crash leaves behind before it are folders of ours, which are not in the way.
  const ours = new Set(['tables', 'checkpoints', fileName]);
  const entries = (await readdir(folder)).filter((name) => !name.startsWith('.') && !name.endsWith('.tmp'));
  if (entries.includes(fileName)) {
    return success(undefined);
  }
  if (entries.some((name) => !ours.has(name))) {
    return failure(notFound(folder, 'holds other files and is not a Loci library'));
  }
  await mkdir(join(folder, 'tables'), { recursive: true });
  await mkdir(join(folder, 'checkpoints'), { recursive: true });
  const mark = { format: 'loci-library', version: libraryVersion, createdAtMillis: Date.now() };
  await writeFileAtomically(join(folder, fileName), `${JSON.stringify(mark, undefined, 2)}\n`);
  return success(undefined);
};
