import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { constants, copyFile, link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { failure, lociError, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** Tells a process from a later one that was given the same number; absent where the system does not say. */
  processStart: z.string().optional(),
});
type Owner = z.infer<typeof ownerSchema>;

/**
 * The right to write to a library, held by one process at a time.
 *
 * Each holder makes the file `writer.lock.<n>` with an n one higher than the last holder's, which only one process can
 * do; on giving back it becomes `writer.lock.<n + 1>.free`. Counting up rather than deleting one fixed name is what
 * lets several processes find the lock of a dead one at the same time without two of them taking it.
 */
export class WriterLock implements AsyncDisposable {
  readonly #folder: string;
  readonly #generation: number;

  private constructor(folder: string, generation: number) {
    this.#folder = folder;
    this.#generation = generation;
  }

  /**
   * Takes the lock of the library in `folder`. One that a dead process left behind is taken over; one that is held
   * is the error `library-locked`, which names the process.
   */
  static async acquire(folder: string): Promise<Result<WriterLock>> {
    for (;;) {
      const last = await latest(folder);
      if (last && !last.free) {
        const owner = await readOwner(join(folder, last.name));
        if (owner && isAlive(owner)) {
          return failure(lockedError(folder, last.name, owner));
        }
      }
      const generation = (last?.generation ?? 0) + 1;
      const name = `writer.lock.${generation}`;
      if (await createWhole(folder, name, JSON.stringify(self()))) {
        if ((await latest(folder))?.name === name) {
          await removeBefore(folder, generation);
          return success(new WriterLock(folder, generation));
        }
        // Others came and went since the first look, so that this number was free again but means nothing.
        await rm(join(folder, name), { force: true });
      }
    }
  }

  /** Gives the lock back. Renames, because that works on a full disk as well. */
  async close(): Promise<void> {
    const mine = join(this.#folder, `writer.lock.${this.#generation}`);
    await rename(mine, join(this.#folder, `writer.lock.${this.#generation + 1}.free`)).catch((thrown: unknown) => {
      if (codeOf(thrown) !== 'ENOENT') {
        throw thrown;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

interface LockFile {
  readonly name: string;
  readonly generation: number;
  readonly free: boolean;
}

const lockFiles = async (folder: string): Promise<LockFile[]> => {
  const names = await readdir(folder);
  return names.flatMap((name) => {
    const match = /^writer\.lock\.(\d+)(\.free)?$/.exec(name);
    return match ? [{ name, generation: Number(match[1]), free: match[2] !== undefined }] : [];
  });
};

/** The lock that counts: the one with the highest number. */
const latest = async (folder: string): Promise<LockFile | undefined> =>
  (await lockFiles(folder)).sort((a, b) => b.generation - a.generation)[0];

const removeBefore = async (folder: string, generation: number): Promise<void> => {
  for (const file of await lockFiles(folder)) {
    if (file.generation < generation) {
      await rm(join(folder, file.name), { force: true });
    }
  }
};

/** Who made a lock; undefined when the file is gone or nobody signed it. */
const readOwner = async (path: string): Promise<Owner | undefined> => {
  try {
    return ownerSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT' || thrown instanceof SyntaxError) {
      return undefined;
    }
    throw thrown;
  }
};

/** Makes a file that has its content from its first instant on; false when there is one of that name already. */
const createWhole = async (folder: string, name: string, content: string): Promise<boolean> => {
  const temporary = join(folder, `${name}.${randomUUID()}.tmp`);
  const path = join(folder, name);
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await link(temporary, path).catch(async (thrown: unknown) => {
      if (codeOf(thrown) === 'EEXIST') {
        throw thrown;
      }
      // Some file systems, such as a memory stick's, know no second name for a file.
      await copyFile(temporary, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') {
      return false;
    }
    throw thrown;
  } finally {
    await rm(temporary, { force: true });
  }
};

const self = (): Owner => {
  const start = processStart(process.pid);
  return { pid: process.pid, host: hostname(), ...(start !== undefined && { processStart: start }) };
};

/** Start of a process in clock ticks since boot, from field 22 of /proc/<pid>/stat; undefined elsewhere than on Linux. */
const processStart = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name, may hold spaces and brackets; the rest is counted after its end.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
};

const isAlive = (owner: Owner): boolean => {
  if (owner.host !== hostname()) {
    return true;
  }
  try {
    process.kill(owner.pid, 0);
  } catch (thrown) {
    // A process of another user may not be signalled, but it is there.
    return codeOf(thrown) === 'EPERM';
  }
  const start = processStart(owner.pid);
  return start === undefined || owner.processStart === undefined || start === owner.processStart;
};

const lockedError = (folder: string, name: string, owner: Owner) => {
  const path = join(folder, name);
  const isHere = owner.host === hostname();
  return lociError(
    'library-locked',
    `${folder} is being written by process ${owner.pid}${isHere ? '' : ` on ${owner.host}`}`,
    isHere
      ? 'Wait for it or end it, then try again; reading is possible meanwhile.'
      : `Close Loci there; if it is gone, delete ${path} and try again.`,
    { file: path },
  );
};

const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined;
