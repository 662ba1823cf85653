import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LociException, lociError } from '../contract/errors.ts';

const errorCode = (thrown: unknown): unknown => (thrown instanceof Error && 'code' in thrown ? thrown.code : undefined);

/** What lies in a folder; none when there is no such folder. */
const contentsOf = async (folder: string): Promise<string[] | undefined> => {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') {
      return undefined;
    }
    throw unwritable(folder, thrown);
  }
};

const unwritable = (folder: string, thrown: unknown): LociException =>
  new LociException(
    lociError(
      errorCode(thrown) === 'ENOSPC' ? 'disk-full' : 'output-unwritable',
      `${folder} cannot be made: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      'Choose another folder with --out, or check its permissions.',
      { file: folder },
    ),
    { cause: thrown },
  );

const exists = (folder: string, hint: string): LociException =>
  new LociException(lociError('output-exists', `${folder} is there already`, hint, { file: folder }));

/** Whether a folder holds a manifest of the given kind. */
const isOfKind = async (folder: string, kind: string): Promise<boolean> => {
  try {
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { kind?: unknown };
    return manifest.kind === kind;
  } catch {
    return false;
  }
};

/**
 * A folder that appears only once it is complete: it is filled beside its place, under another name, and removed unless
 * `complete` is called. With `replace` it takes the place of a folder whose manifest is of the same kind, and of no other.
 */
export class NewFolder implements AsyncDisposable {
  /** Where to write. */
  readonly path: string;
  readonly #place: string;

  private constructor(path: string, place: string) {
    this.path = path;
    this.#place = place;
  }

  /** Throws a `LociException`: `output-exists`, `output-unwritable` or `disk-full`. */
  static async make(place: string, kind: string, replace: boolean): Promise<NewFolder> {
    const contents = await contentsOf(place);
    if (contents !== undefined && contents.length > 0) {
      if (!replace) {
        throw exists(place, 'Choose another folder, or replace it with --force.');
      }
      if (!(await isOfKind(place, kind))) {
        throw exists(place, 'It holds something else, which is not replaced; choose another folder.');
      }
    }
    const path = `${place}.part-${process.pid}-${Date.now().toString(36)}`;
    try {
      await mkdir(dirname(place), { recursive: true });
      await mkdir(path);
    } catch (thrown) {
      throw unwritable(place, thrown);
    }
    return new NewFolder(path, place);
  }

  /** Gives the folder its name. */
  async complete(): Promise<void> {
    const old = `${this.path}-replaced`;
    try {
      if ((await contentsOf(this.#place)) !== undefined) {
        await rename(this.#place, old);
      }
      await rename(this.path, this.#place);
    } catch (thrown) {
      throw unwritable(this.#place, thrown);
    }
    await rm(old, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
