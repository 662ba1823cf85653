import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { failure, lociError, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** Tells a process from a later one that was given the same number; absent where the system does not say. */
  processStart: z.string().optional(),
  /** Tells this very lock from any other. */
  token: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

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
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
  const start = processStart(owner.pid);
  return start === undefined || owner.processStart === undefined || start === owner.processStart;
};

/** Who holds the lock; `unreadable` when its writer died, or is, between making the file and filling it. */
const readOwner = async (path: string): Promise<Owner | 'free' | 'unreadable'> => {
  try {
    const owner = ownerSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return owner.success ? owner.data : 'unreadable';
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT' ? 'free' : 'unreadable';
  }
};

/** The right to write to a library, held by one process at a time. */
export class WriterLock implements AsyncDisposable {
  readonly #path: string;
  readonly #owner: Owner;

  private constructor(path: string, owner: Owner) {
    this.#path = path;
    this.#owner = owner;
  }

  /**
   * Takes the lock of the library in `folder`. One that a dead process left behind is taken over; one that is held
   * is the error `library-locked`, which names the process.
   */
  static async acquire(folder: string): Promise<Result<WriterLock>> {
    const path = join(folder, 'writer.lock');
    const start = processStart(process.pid);
    const mine: Owner = {
      pid: process.pid,
      host: hostname(),
      token: randomUUID(),
      ...(start === undefined ? {} : { processStart: start }),
    };
    for (let attempt = 0; ; attempt += 1) {
      if (await create(path, mine)) {
        return success(new WriterLock(path, mine));
      }
      const owner = await readOwner(path);
      if (owner === 'unreadable' && attempt < 10) {
        await delay(50);
      } else if (owner === 'unreadable') {
        await setAside(path, undefined);
      } else if (owner !== 'free') {
        if (isAlive(owner)) {
          const where = owner.host === mine.host ? '' : ` on ${owner.host}`;
          return failure(
            lociError(
              'library-locked',
              `${folder} is being written by process ${owner.pid}${where}`,
              where === ''
                ? 'Wait for it or end it, then try again; reading is possible meanwhile.'
                : `Close Loci there; if it is gone, delete ${path} and try again.`,
              { file: path },
            ),
          );
        }
        await setAside(path, owner);
      }
    }
  }

  /** Gives the lock back. */
  async close(): Promise<void> {
    const owner = await readOwner(this.#path);
    if (typeof owner === 'object' && owner.token === this.#owner.token) {
      await rm(this.#path, { force: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Makes the lock's file, unless there is one. */
const create = async (path: string, owner: Owner): Promise<boolean> => {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(JSON.stringify(owner));
    } finally {
      await file.close();
    }
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') {
      return false;
    }
    throw thrown;
  }
};

/**
 * Moves a dead lock out of the way. Of several processes that try, one moves it; a process that was slower and moved
 * the lock that the first one had made since then finds that out by the token and puts it back.
 */
const setAside = async (path: string, dead: Owner | undefined): Promise<void> => {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') {
      return;
    }
    throw thrown;
  }
  const moved = await readOwner(aside);
  const movedToken = typeof moved === 'object' ? moved.token : undefined;
  if (movedToken === dead?.token) {
    await rm(aside, { force: true });
  } else {
    await rename(aside, path);
  }
};
