/**
 * The whole way from recordings to a library: frames a second, memory, and the error of the trajectory that the library
 * holds afterwards against the truth that comes with the recording. Needs `../shared/data`; skips what is not there.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ingestRequestSchema, type IngestSummary } from '../../app/contract/job.ts';
import { Engine } from '../../app/engine/engine.ts';
import { trajectoryError, type TimedPose } from '../../app/geometry/evaluate.ts';
import { openSource } from '../../app/media/open-source.ts';
import { ffmpeg } from '../fixtures/recordings.ts';
import { report } from './report.ts';

const data = join(import.meta.dirname, '../../../shared/data');
const scratch = mkdtempSync(join(tmpdir(), 'loci-bench-'));
const pinhole = (fx: number, fy: number, cx: number, cy: number) => ({ fx, fy, cx, cy });

interface Recording {
  readonly name: string;
  readonly path: string;
  readonly source?: Record<string, unknown>;
  /** Where recorded poses come from, when not from the recording itself. */
  readonly truth?: string;
  readonly withScale?: boolean;
}

const kitchenVideo = join(scratch, 'kitchen.mp4');
const recordings: readonly Recording[] = [
  { name: 'kitchen, RGB-D', path: join(data, 'kitchen') },
  { name: 'home-walk, RGB-D', path: join(data, 'home-walk'), source: { framesPerSecond: 5 } },
  {
    name: 'livingroom, RGB-D',
    path: join(data, 'livingroom'),
    source: { intrinsics: pinhole(525, 525, 319.5, 239.5) },
  },
  {
    name: 'kitchen, plain video',
    path: kitchenVideo,
    source: { intrinsics: pinhole(525, 525, 320, 240) },
    truth: join(data, 'kitchen'),
    withScale: true,
  },
  { name: 'home-tour, plain video', path: join(data, 'videos/home-tour.mp4') },
];

/** Poses that a recording brings; never seen by the tracker. */
const recordedPoses = async (path: string, source: object): Promise<TimedPose[]> => {
  const opened = await openSource(path, source);
  if (!opened.ok) {
    return [];
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

/** A video's time stamps are rounded to its time base; the truth's are brought to the nearest of them. */
const atTimesOf = (poses: readonly TimedPose[], frames: readonly TimedPose[]): TimedPose[] =>
  poses.flatMap((pose) => {
    const nearest = frames.find(({ ptsMicros }) => Math.abs(ptsMicros - pose.ptsMicros) < 2_000);
    return nearest ? [{ ...pose, ptsMicros: nearest.ptsMicros }] : [];
  });

if (existsSync(join(data, 'kitchen'))) {
  const pictures = join(data, 'kitchen/frame-%06d.color.jpg');
  await ffmpeg(
    '-framerate',
    '30',
    '-i',
    pictures,
    '-c:v',
    'libx264',
    '-crf',
    '18',
    '-pix_fmt',
    'yuv420p',
    kitchenVideo,
  );
}

const opened = await Engine.open({ libraryFolder: join(scratch, 'library'), mode: 'write', create: true });
if (!opened.ok) {
  throw new Error(opened.error.message);
}
await using engine = opened.value;
const rows = [];
for (const { name, path, source = {}, truth, withScale = false } of recordings) {
  if (!existsSync(path)) {
    console.log(`${name}: not here, skipped`);
    continue;
  }
  const request = ingestRequestSchema.parse({ path, environment: name, source });
  let summary: IngestSummary | undefined;
  for await (const event of engine.ingest(request, new AbortController().signal)) {
    summary = event.type === 'summary' ? event : summary;
    if (event.type === 'failed') {
      console.error(`${name}: ${event.error.message}`);
    }
  }
  if (summary) {
    const frames = await engine.library.frames(summary.session);
    const poses = atTimesOf(await recordedPoses(truth ?? path, source), frames);
    const error = trajectoryError(frames, poses, withScale);
    rows.push({
      recording: name,
      frames: summary.frames,
      tracked: summary.tracking.tracked,
      lost: summary.tracking.lost,
      keyframes: summary.keyframes,
      'frames/s': Math.round(summary.framesPerSecond),
      'ATE RMSE m': error ? Number(error.rmse.toFixed(4)) : '–',
      'peak MiB': Math.round(summary.peakRssBytes / 2 ** 20),
    });
  }
}
report('ingest', rows);
rmSync(scratch, { recursive: true });
