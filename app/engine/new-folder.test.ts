import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/fixtures/recordings.ts';
import { NewFolder } from './new-folder.ts';

const failureOf = async (make: Promise<unknown>): Promise<unknown> => {
  try {
    await make;
  } catch (thrown) {
    return (thrown as { error?: unknown }).error;
  }
  return undefined;
};

/** Makes a folder with a manifest and one more file. */
const fill = async (place: string, kind: string, name: string, replace = false): Promise<void> => {
  await using folder = await NewFolder.make(place, kind, replace);
  await writeFile(join(folder.path, 'manifest.json'), JSON.stringify({ kind }));
  await writeFile(join(folder.path, name), name);
  await folder.complete();
};

describe('a new folder', () => {
  it('appears when it is complete, and leaves nothing else', async () => {
    await using parent = await temporaryFolder();
    const place = join(parent.path, 'deep', 'made');
    await fill(place, 'a', 'one');
    expect((await readdir(place)).sort()).toEqual(['manifest.json', 'one']);
    expect(await readdir(join(parent.path, 'deep'))).toEqual(['made']);
  });

  it('leaves nothing when it is given up', async () => {
    await using parent = await temporaryFolder();
    {
      await using folder = await NewFolder.make(join(parent.path, 'made'), 'a', false);
      await writeFile(join(folder.path, 'half'), 'half');
    }
    expect(await readdir(parent.path)).toEqual([]);
  });

  it('does not replace a folder unless told to, and then as a whole', async () => {
    await using parent = await temporaryFolder();
    const place = join(parent.path, 'made');
    await fill(place, 'a', 'one');
    expect(await failureOf(fill(place, 'a', 'two'))).toMatchObject({ code: 'output-exists' });
    expect(await readdir(place)).toContain('one');
    await fill(place, 'a', 'two', true);
    expect((await readdir(place)).sort()).toEqual(['manifest.json', 'two']);
    expect(await readdir(parent.path)).toEqual(['made']);
  });

  it('never replaces what it did not make', async () => {
    await using parent = await temporaryFolder();
    const place = join(parent.path, 'photos');
    await mkdir(place);
    await writeFile(join(place, 'holiday.jpg'), '');
    expect(await failureOf(fill(place, 'a', 'one', true))).toMatchObject({ code: 'output-exists' });
    await fill(join(parent.path, 'other'), 'b', 'one');
    expect(await failureOf(fill(join(parent.path, 'other'), 'a', 'two', true))).toMatchObject({
      code: 'output-exists',
    });
    expect(await readdir(place)).toEqual(['holiday.jpg']);
  });

  it('takes an empty folder', async () => {
    await using parent = await temporaryFolder();
    const place = join(parent.path, 'empty');
    await mkdir(place);
    await fill(place, 'a', 'one');
    expect(await readdir(place)).toContain('one');
  });

  it('names the place that cannot be written', async () => {
    await using parent = await temporaryFolder();
    const file = join(parent.path, 'file');
    await writeFile(file, '');
    const place = join(file, 'made');
    expect(await failureOf(fill(place, 'a', 'one'))).toMatchObject({ code: 'output-unwritable', file: place });
  });
});
