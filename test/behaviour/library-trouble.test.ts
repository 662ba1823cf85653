import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fromThrown } from '../../app/contract/errors.ts';
import type { LociError } from '../../app/contract/errors.ts';
import { Library } from '../../app/memory/library.ts';
import { aKeyframe, openLibrary, someFrames, temporaryFolder } from '../fixtures/stored-session.ts';

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name);

/** The error with which a library refuses to open. */
const refusal = async (folder: string, mode: 'write' | 'read', create = false): Promise<LociError> => {
  const opened = await Library.open(folder, { mode, create });
  if (opened.ok) {
    await opened.value.close();
    throw new Error('The library opened');
  }
  return opened.error;
};

/** Every file under a folder with its content, to tell whether anything was touched. */
const contentOf = async (folder: string): Promise<Map<string, string>> => {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async (entry): Promise<[string, string]> => {
        const path = join(entry.parentPath, entry.name);
        return [path, await readFile(path, 'base64')];
      }),
    ),
  );
};

describe('a folder that is no library for us', () => {
  test.each([
    ['of a newer version', '{"format":"loci-library","version":99,"more":true}', 'library-newer'],
    ['with a damaged mark', '{"format":"loci-libr', 'library-damaged'],
    ['with an empty mark', '', 'library-damaged'],
    ['of something else', '{"name":"other"}', 'library-damaged'],
  ])('%s is refused by name and stays untouched', async (_, content, code) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'library.json'), content);
    const before = await contentOf(folder.path);

    for (const mode of ['write', 'read'] as const) {
      const error = await refusal(folder.path, mode, mode === 'write');
      expect(error.code).toBe(code);
      expect(error.message).toContain(folder.path);
      expect(error.hint).not.toBe('');
    }
    expect(await contentOf(folder.path)).toEqual(before);
  });

  test('that is missing, holds other files, or is a file is refused', async () => {
    await using folder = await temporaryFolder();
    const photos = join(folder.path, 'photos');
    await mkdir(photos);
    await writeFile(join(photos, 'holiday.jpg'), 'x');

    expect((await refusal(join(folder.path, 'missing'), 'read')).code).toBe('library-not-found');
    expect((await refusal(join(folder.path, 'missing'), 'write')).code).toBe('library-not-found');
    expect((await refusal(photos, 'write', true)).code).toBe('library-not-found');
    expect((await refusal(join(photos, 'holiday.jpg'), 'write', true)).code).toBe('library-not-found');
    expect((await refusal(join(photos, 'holiday.jpg'), 'read')).code).toBe('library-not-found');
    expect(await readdir(photos)).toEqual(['holiday.jpg']);
    expect(await readdir(folder.path)).toEqual(['photos']);
  });

  test('with a damaged table is readable but for that table, which is named', async () => {
    await using folder = await temporaryFolder();
    {
      await using library = await openLibrary(folder.path);
      await library.appendFrames('kitchen/monday', someFrames(0, 5));
      await library.saveSteps('kitchen/monday', [0]);
    }
    await rm(join(folder.path, 'tables/frames.lance/data'), { recursive: true });

    await using library = await openLibrary(folder.path, 'read');

    const error = fromThrown(await library.frames('kitchen/monday').catch((thrown: unknown) => thrown));
    expect(error.code).toBe('library-damaged');
    expect(error.message).toContain('"frames"');
    expect(await library.steps('kitchen/monday')).toEqual([0]);
  });
});

describe('a library that is being written', () => {
  test('is locked for other writers, open to readers, and free after closing', async () => {
    await using folder = await temporaryFolder();
    const writer = await openLibrary(folder.path);
    await writer.appendFrames('kitchen/monday', someFrames(0, 3));

    const error = await refusal(folder.path, 'write');
    expect(error.code).toBe('library-locked');
    expect(error.message).toContain(String(process.pid));
    {
      await using reader = await openLibrary(folder.path, 'read');
      expect(await reader.frames('kitchen/monday')).toHaveLength(3);
      const refused = await Promise.resolve()
        .then(() => reader.appendFrames('kitchen/monday', someFrames(3, 1)))
        .catch(fromThrown);
      expect(refused?.code).toBe('library-read-only');
    }
    await writer.close();
    await (await openLibrary(folder.path)).close();
  });

  test('stays locked for another computer until somebody says otherwise', async () => {
    await using folder = await temporaryFolder();
    await (await openLibrary(folder.path)).close();
    const lock = { pid: process.pid, host: `not-${hostname()}` };
    await writeFile(join(folder.path, 'writer.lock.7'), JSON.stringify(lock));

    const error = await refusal(folder.path, 'write');

    expect(error.code).toBe('library-locked');
    expect(error.message).toContain(lock.host);
    expect(error.hint).toContain('writer.lock.7');
  });

  test.each([
    ['a dead process', (pid: number) => JSON.stringify({ pid, host: hostname() })],
    [
      'a process whose number was given to another one',
      () => JSON.stringify({ pid: process.pid, host: hostname(), processStart: '1' }),
    ],
    ['nobody who signed', () => ''],
  ])('is taken over from %s', async (_, lock) => {
    await using folder = await temporaryFolder();
    await (await openLibrary(folder.path)).close();
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    await writeFile(join(folder.path, 'writer.lock.7'), lock(child.pid!));

    await using library = await openLibrary(folder.path);

    expect(library.readOnly).toBe(false);
    expect((await refusal(folder.path, 'write')).code).toBe('library-locked');
  });

  test('goes to exactly one of several that ask at once for a dead lock', async () => {
    await using folder = await temporaryFolder();
    await (await openLibrary(folder.path)).close();
    const dead = { pid: process.pid, host: hostname(), processStart: '1' };
    await writeFile(join(folder.path, 'writer.lock.7'), JSON.stringify(dead));

    const opened = await Promise.all(Array.from({ length: 6 }, () => Library.open(folder.path, { mode: 'write' })));

    const libraries = opened.flatMap((result) => (result.ok ? [result.value] : []));
    expect(libraries).toHaveLength(1);
    expect(opened.flatMap((result) => (result.ok ? [] : [result.error.code]))).toEqual(
      Array.from({ length: 5 }, () => 'library-locked'),
    );
    await libraries[0]!.close();
    expect((await readdir(folder.path)).filter((name) => name.startsWith('writer.lock.7'))).toEqual([]);
  });
});

describe('a writer that is killed', () => {
  test('while it makes a table or a checkpoint leaves a library that can be read and written', async () => {
    await using folder = await temporaryFolder();
    await (await openLibrary(folder.path)).close();
    const half = join(folder.path, 'tables/frames.lance/_transactions');
    await mkdir(half, { recursive: true });
    await writeFile(join(half, '0-dd547794.txn'), 'half');
    await writeFile(join(folder.path, 'checkpoints/abc.checkpoint.1.tmp'), 'half');

    await using reader = await openLibrary(folder.path, 'read');
    expect(await reader.frames('kitchen/monday')).toEqual([]);
    await using library = await openLibrary(folder.path);
    await library.appendFrames('kitchen/monday', someFrames(0, 3));

    expect(await reader.frames('kitchen/monday')).toEqual(someFrames(0, 3));
    expect(await readdir(join(folder.path, 'checkpoints'))).toEqual([]);
  });

  test('has lost nothing that it acknowledged, and goes on from there', async () => {
    await using folder = await temporaryFolder();
    let acknowledged = 0;
    for (const killAfterMillis of [0, 40, 250, 130, 400]) {
      const child = spawn(process.execPath, [fixture('library-writer.ts'), folder.path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const resumed = String((await lines.next()).value);
      expect(resumed).toBe(`resumed ${acknowledged}`);
      const exited = once(child, 'exit');
      // Killed at an instant of no meaning to the writer, after its first acknowledgement.
      const killed = delay(killAfterMillis + Math.random() * 30).then(() => child.kill('SIGKILL'));
      for await (const line of { [Symbol.asyncIterator]: () => lines }) {
        acknowledged = Number(line.split(' ')[1]);
      }
      await killed;
      await exited;

      await using reader = await openLibrary(folder.path, 'read');
      const frames = await reader.frames('kitchen/monday');
      // A batch may have been written without its acknowledgement having come out.
      expect(frames.length % 20).toBe(0);
      expect(frames.length).toBeGreaterThanOrEqual(acknowledged);
      expect(frames).toEqual(someFrames(0, frames.length));
      const keyframes = await reader.keyframes('kitchen/monday');
      expect(keyframes.length).toBeGreaterThanOrEqual(acknowledged / 20);
      for (const keyframe of keyframes) {
        const whole = aKeyframe('kitchen/monday', keyframe.index, 20_000, 40_000);
        const picture = await reader.picture('kitchen/monday', keyframe.ptsMicros);
        expect(Buffer.from(picture!).equals(whole.jpeg)).toBe(true);
      }
      // The checkpoint is written before it is acknowledged, so it may be one batch ahead.
      const checkpoint = await reader.checkpoint('kitchen/monday');
      acknowledged = checkpoint ? Buffer.from(checkpoint).readUInt32BE(0) : 0;
      expect(frames.length).toBeGreaterThanOrEqual(acknowledged);
    }
    expect(acknowledged).toBeGreaterThan(0);
  });
});

/** Whether this machine lets us mount in a namespace of our own; needed to fill a disk or to take writing away. */
const mayMount = ((): boolean => {
  try {
    execFileSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Runs a fixture after `mounts`, a shell command that sees the folder as $1; yields the JSON that it printed. */
const runMounted = async (mounts: string, name: string, args: readonly string[]): Promise<unknown> => {
  const script = `${mounts} && shift && exec "$@"`;
  const command = ['-Urm', 'sh', '-ec', script, 'sh', args[0]!, process.execPath, fixture(name), ...args];
  const { stdout } = await promisify(execFile)('unshare', command);
  return JSON.parse(stdout);
};

describe.skipIf(!mayMount)('a disk (needs a Linux that lets this user mount in a namespace)', () => {
  test('that is full fails the write by name, loses nothing before it, and can be gone on with', async () => {
    await using folder = await temporaryFolder();

    const outcome = await runMounted('mount -t tmpfs -o size=16m tmpfs "$1"', 'library-on-full-disk.ts', [folder.path]);

    const { saved, error, readable, keyframes, whole, frames } = outcome as {
      saved: number;
      error: LociError;
      readable: number;
      keyframes: number;
      whole: number;
      frames: number[];
    };
    expect(error.code).toBe('disk-full');
    expect(error.message).toContain(folder.path);
    expect(saved).toBeGreaterThan(10);
    expect(readable).toBe(saved);
    expect(keyframes).toBe(saved + 1);
    expect(whole).toBe(saved + 1);
    expect(frames).toEqual(Array.from({ length: saved + 1 }, (_, i) => i));
  });

  test('that must not be written still lets the library be read', async () => {
    await using folder = await temporaryFolder();
    {
      await using library = await openLibrary(folder.path);
      await library.appendFrames('kitchen/monday', someFrames(0, 4));
    }
    const readOnly = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"';

    expect(await runMounted(readOnly, 'library-opener.ts', [folder.path, 'read'])).toEqual({
      frames: 4,
      write: 'library-read-only',
    });
    const refused = (await runMounted(readOnly, 'library-opener.ts', [folder.path, 'write'])) as { error: LociError };
    expect(refused.error.code).toBe('library-read-only');
    expect(refused.error.message).toContain(folder.path);
  });
});

describe('a library that was copied', () => {
  test('is a library of its own', async () => {
    await using folder = await temporaryFolder();
    const original = join(folder.path, 'original');
    const copy = join(folder.path, 'copy');
    {
      await using library = await openLibrary(original);
      await library.appendFrames('kitchen/monday', someFrames(0, 4));
    }
    await cp(original, copy, { recursive: true });
    await rm(original, { recursive: true });

    await using library = await openLibrary(copy);
    await library.appendFrames('kitchen/monday', someFrames(4, 4));

    expect(await library.frames('kitchen/monday')).toEqual(someFrames(0, 8));
  });
});
