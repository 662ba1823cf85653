import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { readAhead } from './read-ahead.ts';

const statsAtOnce = 32;

/**
 * Tells recordings apart, and whether one has changed, without reading them: a hash of the names, sizes and times of
 * modification of all its files. Moving a recording keeps it. `root` is the recording's own file or folder.
 */
export const fingerprintOf = async (root: string, files: readonly string[]): Promise<string> => {
  const hash = createHash('sha256');
  const describe = async (file: string): Promise<string> => {
    const name = file === root ? basename(file) : relative(root, file);
    // A file that a list names and that is not there is part of what the recording is.
    const entry = await stat(file).catch(() => undefined);
    return entry ? `${name}\t${entry.size}\t${Math.trunc(entry.mtimeMs)}\n` : `${name}\tabsent\n`;
  };
  for await (const line of readAhead(files.toSorted(), describe, statsAtOnce)) {
    hash.update(line);
  }
  return hash.digest('hex').slice(0, 32);
};
