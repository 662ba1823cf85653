/**
 * How well and how fast cameras are tracked on real recordings: `node test/bench/geometry.ts [name …]`. The recordings
 * lie in `../shared/data` beside the repository; those that are absent are left out. Truth is used for the error alone.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeError } from '../../app/contract/errors.ts';
import type { SourceOptions } from '../../app/contract/job.ts';
import { guessIntrinsics } from '../../app/geometry/camera.ts';
import { trajectoryError } from '../../app/geometry/evaluate.ts';
import { PlaceMap } from '../../app/geometry/place-map.ts';
import { Odometry, type TrackedFrame } from '../../app/geometry/tracker.ts';
import { openSource } from '../../app/media/open-source.ts';
import type { Frame } from '../../app/media/frame.ts';

interface Case {
  readonly name: string;
  readonly path: string;
  readonly mode: 'rgbd' | 'monocular';
  readonly options: SourceOptions;
}

interface Row {
  readonly name: string;
  readonly frames: number;
  readonly tracked: number;
  readonly lost: number;
  readonly keyframes: number;
  readonly ateRmse: number | undefined;
  readonly trackMillis: number;
  readonly mapMillis: number;
  readonly framesPerSecond: number;
  readonly snapshotBytes: number;
  readonly points: number;
}

const repository = path.resolve(import.meta.dirname, '../..');
const data = path.resolve(repository, '../shared/data');

const cases: readonly Case[] = [
  { name: 'kitchen', path: 'kitchen', mode: 'rgbd', options: {} },
  { name: 'home-walk', path: 'home-walk', mode: 'rgbd', options: { framesPerSecond: 5 } },
  {
    name: 'livingroom',
    path: 'livingroom',
    mode: 'rgbd',
    options: { intrinsics: { fx: 525, fy: 525, cx: 319.5, cy: 239.5 } },
  },
  { name: 'kitchen-mono', path: 'kitchen', mode: 'monocular', options: {} },
  { name: 'home-tour', path: 'videos/home-tour.mp4', mode: 'monocular', options: {} },
];

const measure = async ({ name, path: file, mode, options }: Case): Promise<Row | undefined> => {
  const opened = await openSource(path.join(data, file), options);
  if (!opened.ok) {
    console.error(`${name}: ${describeError(opened.error)}`);
    return undefined;
  }
  await using source = opened.value;
  const { info } = source;
  const intrinsics = info.intrinsics ?? guessIntrinsics(info.width, info.height);
  const cameras = { intrinsics, ...(info.depthIntrinsics && { depthIntrinsics: info.depthIntrinsics }) };
  using tracker = Odometry.create({ ...cameras, mode });
  using map = PlaceMap.create(cameras);
  const records = new Map<number, TrackedFrame>();
  const truth: Pick<Frame, 'ptsMicros' | 'recordedPose'>[] = [];
  let trackMillis = 0;
  let mapMillis = 0;
  let keyframes = 0;
  const keep = (answered: readonly TrackedFrame[]): void =>
    answered.forEach((record) => records.set(record.ptsMicros, record));
  const began = performance.now();
  for await (const event of source.frames()) {
    if (event.type !== 'frame') {
      continue;
    }
    const { frame } = event;
    truth.push({ ptsMicros: frame.ptsMicros, ...(frame.recordedPose && { recordedPose: frame.recordedPose }) });
    const before = performance.now();
    const answered = await tracker.track(frame);
    trackMillis += performance.now() - before;
    keep(answered);
    const [current] = answered;
    if (current?.keyframe) {
      keyframes++;
      if (mode === 'rgbd' && frame.depth && current.worldFromCamera) {
        const mapBefore = performance.now();
        await map.integrate({ image: frame.image, depth: frame.depth }, current.worldFromCamera);
        mapMillis += performance.now() - mapBefore;
      }
    }
  }
  const elapsedSeconds = (performance.now() - began) / 1000;
  const snapshotBytes = tracker.snapshot().length;
  keep(tracker.finish());
  const all = [...records.values()];
  const count = (state: TrackedFrame['tracking']): number => all.filter(({ tracking }) => tracking === state).length;
  const error = trajectoryError(
    all,
    truth.map(({ ptsMicros, recordedPose }) => ({ ptsMicros, worldFromCamera: recordedPose })),
    mode === 'monocular',
  );
  const points = (mode === 'rgbd' ? map.points() : tracker.landmarks()).positions.length / 3;
  return {
    name,
    frames: all.length,
    tracked: count('tracked'),
    lost: count('lost'),
    keyframes,
    ateRmse: error?.rmse,
    trackMillis: trackMillis / all.length,
    mapMillis: mapMillis / Math.max(1, keyframes),
    framesPerSecond: all.length / elapsedSeconds,
    snapshotBytes,
    points,
  };
};

const wanted = process.argv.slice(2);
const rows: Row[] = [];
for (const recording of cases) {
  const present = existsSync(path.join(data, recording.path));
  if (!present || (wanted.length > 0 && !wanted.includes(recording.name))) {
    if (!present) {
      console.error(`${recording.name}: left out, ${recording.path} is not beside the repository`);
    }
    continue;
  }
  const row = await measure(recording);
  if (row) {
    rows.push(row);
  }
}
console.table(
  rows.map((row) => ({
    recording: row.name,
    frames: row.frames,
    tracked: row.tracked,
    lost: row.lost,
    keyframes: row.keyframes,
    'ATE RMSE m': row.ateRmse?.toFixed(4) ?? '',
    'ms/frame': row.trackMillis.toFixed(2),
    'map ms/keyframe': row.mapMillis.toFixed(1),
    'frames/s with decoding': row.framesPerSecond.toFixed(1),
    'snapshot kB': Math.round(row.snapshotBytes / 1000),
    points: row.points,
  })),
);
const output = path.join(repository, 'dist/bench/geometry.json');
await mkdir(path.dirname(output), { recursive: true });
await writeFile(output, `${JSON.stringify(rows, undefined, 2)}\n`);
