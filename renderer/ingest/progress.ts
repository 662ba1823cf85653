import type { Job } from '../../app/contract/job.ts';

/** What of an ingest is shown while it runs. */
export interface IngestProgress {
  readonly session: string;
  readonly frames: number;
  /** From 0 to 1; undefined while the length of the recording is unknown. */
  readonly share: number | undefined;
  /** Time left at the present speed, in seconds, when it can be told. */
  readonly secondsLeft: number | undefined;
  readonly framesPerSecond: number | undefined;
  /** Frames of a live source that there was no time for. */
  readonly dropped?: number;
}

const fileName = (path: string): string => (path.split(/[\\/]/).filter(Boolean).at(-1) ?? path).replace(/\.[^.]+$/, '');

const droppedOf = ({ dropped }: { readonly dropped?: number | undefined }): { readonly dropped?: number } =>
  dropped === undefined ? {} : { dropped };

/** Reads how far a job is from its last event. */
export const progressOf = ({ request, latest }: Job): IngestProgress => {
  const session = latest?.session ?? `${request.environment}/${request.session ?? fileName(request.path)}`;
  const none = { session, frames: 0, share: undefined, secondsLeft: undefined, framesPerSecond: undefined };
  if (latest?.type === 'summary') {
    return { ...none, ...droppedOf(latest), frames: latest.frames, share: 1, framesPerSecond: latest.framesPerSecond };
  }
  if (latest?.type !== 'progress') {
    return none;
  }
  const { frames, totalFrames, framesPerSecond } = latest;
  const known = totalFrames !== undefined && totalFrames > 0;
  return {
    session,
    frames,
    framesPerSecond,
    ...droppedOf(latest),
    share: known ? Math.min(1, frames / totalFrames) : undefined,
    secondsLeft: known && framesPerSecond > 0 ? Math.max(0, (totalFrames - frames) / framesPerSecond) : undefined,
  };
};
