import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomically } from './atomic-file.ts';

test('a file is replaced as a whole, and a failure leaves the old one and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loci-atomic-'));
  try {
    const path = join(folder, 'state');
    await writeFile(path, 'a much longer old content');
    await writeFileAtomically(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');

    const occupied = join(folder, 'occupied');
    await mkdir(join(occupied, 'by a folder'), { recursive: true });
    await expect(writeFileAtomically(occupied, 'new')).rejects.toThrow();

    expect((await readdir(folder)).sort()).toEqual(['occupied', 'state']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
