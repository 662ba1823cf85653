import { lociError } from '../contract/errors.ts';
import type { LociError } from '../contract/errors.ts';

/** What it means to have been told to stop. */
export const cancelled = (path: string): LociError =>
  lociError('cancelled', `Reading ${path} was cancelled`, 'Run the same command again to resume.', { file: path });

/** A time stamp that names no frame of a recording. */
export const noFrameAt = (path: string, ptsMicros: number): LociError =>
  lociError('frame-missing', `${path} has no frame at ${ptsMicros} µs`, 'Name a frame by its exact time stamp.', {
    file: path,
    place: `${ptsMicros} µs`,
  });

/** A reading from the beginning that came to its end without a single frame. */
export const noFramesChosen = (path: string): LociError =>
  lociError(
    'source-empty',
    `${path} has no readable frames in the chosen time`,
    'Choose another start and end, or check the recording.',
    { file: path },
  );
