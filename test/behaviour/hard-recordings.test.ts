import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LociError } from '../../app/contract/errors.ts';
import { ingestRequestSchema, type IngestSummary } from '../../app/contract/job.ts';
import type { FrameRecord, Session } from '../../app/contract/session.ts';
import { Engine } from '../../app/engine/engine.ts';
import { expectValue } from '../fixtures/reading.ts';
import {
  frameFile,
  makeRgbdFolder,
  makeRoomVideo,
  temporaryFolder,
  type Recording,
  type RgbdFolderOptions,
} from '../fixtures/recordings.ts';
import { arcPose, type RenderedFrame } from '../fixtures/rendered-room.ts';

/** Everything that came of one recording. */
interface Outcome {
  readonly summary: IngestSummary;
  readonly session: Session;
  readonly warnings: readonly LociError[];
  readonly frames: readonly FrameRecord[];
  /** What is answered to "how many pictures are there?" after an annotator has boxed one on two frames. */
  readonly answer: string;
}

const framesPerSecond = 10;

/** Where a picture hangs: on the far wall of the rendered room. */
const picture = [0.2, 2.5, 1.3];

/** A box of 60 × 50 pixels round the picture on one frame. */
const boxOf = (
  { worldFromCamera: pose }: RenderedFrame,
  { fx, fy, cx, cy }: Recording['intrinsics'],
): [number, number, number, number] => {
  const [x, y, z] = [0, 1, 2].map((axis) =>
    picture.reduce((sum, value, k) => sum + pose[k * 4 + axis]! * (value - pose[k * 4 + 3]!), 0),
  );
  return [(fx * x!) / z! + cx - 30, (fy * y!) / z! + cy - 25, 60, 50];
};

/** Reads a recording into a library of its own and asks it something, all with the real parts. */
const remember = async (
  folder: string,
  { path, intrinsics, frames }: Recording,
  request: Record<string, unknown> = {},
): Promise<Outcome> => {
  await using engine = expectValue(
    await Engine.open({ libraryFolder: join(folder, 'library'), mode: 'write', create: true }),
  );
  const warnings: LociError[] = [];
  let summary: IngestSummary | undefined;
  const asked = ingestRequestSchema.parse({
    ...{ path, environment: 'room', session: 'visit' },
    source: { intrinsics, framesPerSecond },
    ...request,
  });
  for await (const event of engine.ingest(asked, AbortSignal.timeout(120_000))) {
    if (event.type === 'warning') {
      warnings.push(event.warning);
    } else if (event.type === 'summary') {
      summary = event;
    } else if (event.type === 'failed') {
      throw new Error(`${event.error.code}: ${event.error.message}`);
    }
  }
  await engine.importLabels('room/visit', {
    ...{ version: 1, session: 'visit', annotator: 'kim' },
    frames: [0, 24].map((i) => ({
      ptsMicros: i * 100_000,
      boxes: [{ label: 'picture', box: boxOf(frames[i]!, intrinsics) }],
    })),
  });
  const { answer } = expectValue(await engine.ask('room', 'how many pictures are there?'));
  return {
    summary: summary!,
    session: expectValue(await engine.library.session('room/visit')),
    warnings,
    frames: await engine.library.frames('room/visit'),
    answer: answer.text,
  };
};

const size = { width: 320, height: 240 };
const isLocated = ({ tracking }: FrameRecord): boolean => tracking === 'tracked' || tracking === 'recorded';
const hasPose = ({ worldFromCamera }: FrameRecord): boolean => worldFromCamera !== undefined;
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/**
 * How far the camera's way over some frames is from the true one, as a share of its length: distances between all its
 * places do not depend on the world, and what is left of an unknown scale is divided out.
 */
const wayError = (frames: readonly FrameRecord[], truth: readonly RenderedFrame[], metric: boolean): number => {
  const known = frames.filter(isLocated);
  const distances = (poses: readonly (readonly number[])[]): number[] =>
    poses.flatMap((a, i) => poses.slice(i + 1).map((b) => Math.hypot(...[3, 7, 11].map((k) => a[k]! - b[k]!))));
  const found = distances(known.map(({ worldFromCamera }) => worldFromCamera!));
  const right = distances(known.map(({ index }) => truth[index]!.worldFromCamera));
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const scale = metric ? 1 : dot(right, found) / dot(found, found);
  return Math.max(...found.map((distance, i) => Math.abs(scale * distance - right[i]!))) / Math.max(...right);
};

/** The two kinds of pictures that a hard recording may consist of. */
const kinds = [
  ['with depth', (folder: string, options: RgbdFolderOptions) => makeRgbdFolder(folder, { ...size, ...options }), true],
  [
    'as plain video',
    (folder: string, options: RgbdFolderOptions) => makeRoomVideo(folder, { ...size, framesPerSecond, ...options }),
    false,
  ],
] as const;

describe('a recording that shows nothing', () => {
  it.each(kinds)('%s: is counted, and said to have no poses', async (_, make) => {
    await using folder = await temporaryFolder();
    const outcome = await remember(folder.path, await make(folder.path, { frames: 30, isDark: () => true }));
    expect(outcome.summary).toMatchObject({ frames: 30, tracking: { tracked: 0 } });
    expect(outcome.session.status).toBe('complete');
    expect(outcome.frames.some(hasPose)).toBe(false);
    expect(outcome.warnings.at(-1)).toMatchObject({
      code: 'pose-unknown',
      message: expect.stringContaining('in any frame') as string,
    });
    expect(outcome.answer).not.toBe('');
  });
});

describe('a lens that is covered for ten seconds', () => {
  // 3 s of the arc, 10 s of darkness, and on from where the camera was left.
  const poses = [...range(0, 30), ...range(30, 130).map(() => 29), ...range(30, 60)].map((i) => arcPose(i));
  const isDark = (i: number): boolean => i >= 30 && i < 130;

  it.each(kinds)('%s: is lost meanwhile, named, and located before and after', async (_, make, metric) => {
    await using folder = await temporaryFolder();
    const recording = await make(folder.path, { poses, isDark });
    const { summary, session, frames, warnings, answer } = await remember(folder.path, recording);
    expect(summary.frames).toBe(160);
    expect(session.status).toBe('complete');
    const [before, dark, after] = [frames.slice(0, 30), frames.slice(30, 130), frames.slice(130)];
    expect(before.filter(isLocated).length).toBe(30);
    expect(wayError(before, recording.frames, metric)).toBeLessThan(0.05);
    // A guess from the motion before may bridge half a second, no more.
    expect(dark.slice(5).filter(hasPose)).toEqual([]);
    expect(after.filter(isLocated).length).toBeGreaterThanOrEqual(25);
    expect(wayError(after, recording.frames, metric)).toBeLessThan(0.05);
    const told = warnings.find(({ code }) => code === 'pose-unknown');
    expect(told?.message).toMatch(/could not be located for (9|10)\.\d s: from 3\.\d to 13\.\d s$/);
    expect(answer).toContain('1');
  });
});

describe('a cut to a view at a right angle', () => {
  const poses = [...range(0, 30).map((i) => arcPose(i)), ...range(0, 30).map((i) => arcPose(i, Math.PI / 2))];

  it.each(kinds)('%s: leaves the part before it intact and locates the part after it', async (_, make, metric) => {
    await using folder = await temporaryFolder();
    const recording = await make(folder.path, { poses });
    const { summary, session, frames, answer } = await remember(folder.path, recording);
    expect(summary.frames).toBe(60);
    expect(session.status).toBe('complete');
    const [before, after] = [frames.slice(0, 30), frames.slice(30)];
    expect(before.filter(isLocated).length).toBe(30);
    expect(wayError(before, recording.frames, metric)).toBeLessThan(0.05);
    expect(after.filter(isLocated).length).toBeGreaterThanOrEqual(25);
    expect(wayError(after, recording.frames, metric)).toBeLessThan(0.05);
    expect(answer).toContain('1');
  });
});

describe('a recording with gaps in time', () => {
  it('keeps its times, counts what is there, and tracks over short gaps', async () => {
    await using folder = await temporaryFolder();
    const recording = await makeRgbdFolder(folder.path, { ...size, frames: 70 });
    // Two of ten frames fail again and again, and once a whole second.
    const isGone = (i: number): boolean => i % 10 === 3 || i % 10 === 4 || (i >= 40 && i < 50);
    const gone = range(0, 70).filter(isGone);
    for (const i of gone) {
      await rm(join(recording.path, frameFile(i, 'color.jpg')));
      await rm(join(recording.path, frameFile(i, 'depth.png')));
    }
    const { summary, session, frames, warnings, answer } = await remember(folder.path, recording);
    const left = range(0, 70).filter((i) => !isGone(i));
    expect(summary.frames).toBe(left.length);
    expect(session.status).toBe('complete');
    expect(frames.map(({ ptsMicros }) => ptsMicros)).toEqual(left.map((i) => i * 100_000));
    expect(warnings.map(({ code }) => code)).toContain('frame-missing');
    expect(frames.filter(isLocated).length).toBeGreaterThanOrEqual(left.length - 3);
    const truth = left.map((i) => recording.frames[i]!);
    expect(wayError(frames.slice(0, 30), truth, true)).toBeLessThan(0.05);
    expect(answer).toContain('1');
  });
});

describe('recorded poses with NaN among them', () => {
  it('are used where they can be; the other frames are lost and named', async () => {
    await using folder = await temporaryFolder();
    const recording = await makeRgbdFolder(folder.path, { ...size, frames: 30 });
    for (const i of range(10, 14)) {
      await writeFile(join(recording.path, frameFile(i, 'pose.txt')), 'nan '.repeat(16));
    }
    const { summary, session, frames, warnings, answer } = await remember(folder.path, recording, {
      poses: 'recorded',
    });
    expect(summary).toMatchObject({ frames: 30, tracking: { tracked: 26, lost: 4 } });
    expect(session.status).toBe('complete');
    expect(frames.filter((frame) => !isLocated(frame)).map(({ index }) => index)).toEqual([10, 11, 12, 13]);
    expect(warnings.filter(({ code }) => code === 'pose-invalid').length).toBeGreaterThan(0);
    expect(wayError(frames, recording.frames, true)).toBeLessThan(1e-5);
    expect(answer).toContain('1');
  });
});
