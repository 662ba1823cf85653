import { readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { failure, lociError } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import type { SourceOptions } from '../contract/job.ts';
import { isLive } from './live-input.ts';
import type { OpenedSource } from './opened-source.ts';
import { sourceFormats } from './sources.ts';

/** Says why a path, or a file inside it, could not be had from the disk. */
const unreachable = (recording: string, thrown: unknown): LociError => {
  const path = thrown instanceof Error && 'path' in thrown ? String(thrown.path) : recording;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return lociError('source-not-found', `${path} does not exist`, 'Check the path of the recording.', { file: path });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return lociError('source-unreadable', `${path} cannot be opened: permission denied`, 'Check its permissions.', {
      file: path,
    });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return lociError('source-unreadable', `${path} cannot be read: ${reason}`, 'Check the disk that it is on.', {
    file: path,
  });
};

const unrecognised = (path: string, empty: boolean): LociError =>
  empty
    ? lociError('source-empty', `${path} is an empty folder`, 'Give a folder that holds a recording.', { file: path })
    : lociError(
        'source-unsupported',
        `${path} is no recording that Loci knows`,
        `It reads ${sourceFormats.map((format) => format.description).join('; ')}.`,
        { file: path },
      );

/** A recording's path in full; what is live keeps its address. */
export const recordingPath = (path: string): string => (isLive(path) ? path : resolve(path));

/** Finds out what kind of recording a path is, and opens it. */
export const openSource = async (path: string, options: SourceOptions = {}): Promise<Result<OpenedSource>> => {
  const absolute = recordingPath(path);
  try {
    const isFolder = !isLive(absolute) && (await stat(absolute)).isDirectory();
    const names = isFolder ? await readdir(absolute) : undefined;
    const format = sourceFormats.find((candidate) => candidate.recognises(names, absolute));
    return format ? await format.open(absolute, options) : failure(unrecognised(absolute, names?.length === 0));
  } catch (thrown) {
    return failure(unreachable(absolute, thrown));
  }
};
