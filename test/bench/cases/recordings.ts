import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Library } from '../../../app/memory/library.ts';
import type { IngestSummary } from '../../../app/contract/job.ts';
import type { FrameRecord, Session } from '../../../app/contract/session.ts';
import type { TimedPose } from '../../../app/geometry/evaluate.ts';
import { openSource } from '../../../app/media/open-source.ts';
import { poseFrom } from '../../../app/geometry/pose.ts';
import { ffmpeg } from '../../fixtures/recordings.ts';
import { loci } from '../../fixtures/loci.ts';

const repository = join(import.meta.dirname, '../../..');

/** Recordings with ground truth that are not part of Loci; what needs them is left out where they are absent. */
export const sharedData = join(repository, '../shared/data');

/** Where rendered and encoded recordings are kept from one run to the next. */
export const rendered = join(repository, 'dist/bench/recordings');

export const apartment = join(repository, 'samples/apartment');
export const apartmentIntrinsics = ['--intrinsics', '460,460,319.5,239.5'];

/** The kitchen's pictures as a plain H.264 video, made on first use; undefined without the kitchen. */
export const kitchenVideo = async (): Promise<string | undefined> => {
  const pictures = join(sharedData, 'kitchen');
  const video = join(rendered, 'kitchen.mp4');
  if (!existsSync(pictures)) {
    return undefined;
  }
  if (!existsSync(video)) {
    await mkdir(rendered, { recursive: true });
    const input = ['-framerate', '30', '-i', join(pictures, 'frame-%06d.color.jpg')];
    await ffmpeg(...input, '-c:v', 'libx264', '-crf', '18', '-pix_fmt', 'yuv420p', video);
  }
  return video;
};

/** What is in the library after an ingest by the `loci` command, a process of its own. */
export interface Ingested {
  readonly summary: IngestSummary;
  readonly session: Session;
  readonly frames: readonly FrameRecord[];
}

/** Runs `loci ingest` as a person would; undefined, and told on stderr, when it failed. */
export const ingest = async (
  library: string,
  environment: string,
  path: string,
  ...options: readonly string[]
): Promise<Ingested | undefined> => {
  const said = await loci('ingest', path, '--environment', environment, '--library', library, '--json', ...options);
  const summary = said.lines.find(({ type }) => type === 'summary') as IngestSummary | undefined;
  if (!summary) {
    console.error(`${environment}: ${said.stderr || said.stdout}`);
    return undefined;
  }
  const opened = await Library.open(library, { mode: 'read' });
  if (!opened.ok) {
    console.error(opened.error.message);
    return undefined;
  }
  await using reading = opened.value;
  const session = await reading.session(summary.session);
  return session.ok ? { summary, session: session.value, frames: await reading.frames(summary.session) } : undefined;
};

/** Poses that a recording brings, which its tracking never sees. */
export const recordedPoses = async (path: string, source: object = {}): Promise<TimedPose[]> => {
  const opened = await openSource(path, source);
  if (!opened.ok) {
    throw new Error(opened.error.message);
  }
  await using reading = opened.value;
  const poses: TimedPose[] = [];
  for await (const event of reading.frames()) {
    if (event.type === 'frame') {
      poses.push({ ptsMicros: event.frame.ptsMicros, worldFromCamera: event.frame.recordedPose });
    }
  }
  return poses;
};

/** Poses of a TUM trajectory: seconds, position, quaternion x y z w, camera to world. */
export const tumPoses = async (file: string): Promise<TimedPose[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [seconds = 0, x = 0, y = 0, z = 0, qx = 0, qy = 0, qz = 0, qw = 1] = line.split(/\s+/).map(Number);
      return {
        ptsMicros: Math.round(seconds * 1e6),
        worldFromCamera: poseFrom([qx, qy, qz, qw], [x, y, z]),
      };
    });

/** A video's time stamps are rounded to its time base; the truth's are brought to the nearest of them. */
export const atTimesOf = (poses: readonly TimedPose[], frames: readonly TimedPose[]): TimedPose[] =>
  poses.flatMap((pose) => {
    const nearest = frames.find(({ ptsMicros }) => Math.abs(ptsMicros - pose.ptsMicros) < 2_000);
    return nearest ? [{ ...pose, ptsMicros: nearest.ptsMicros }] : [];
  });
