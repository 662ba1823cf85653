import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { intrinsicsFor } from './camera.ts';
import { startVideo, writeDepth, writeIntrinsics, writeJpeg, writePose } from './encode.ts';
import { isAfterMove, labelsFrom, sightingsIn } from './labels.ts';
import type { Sighting } from './labels.ts';
import { layOut } from './layout.ts';
import { createRandom } from './random.ts';
import { Studio } from './studio.ts';
import { truthOf, tumTrajectory } from './truth.ts';
import { frameRate, walkThrough } from './walk.ts';
import type { WalkFrame } from './walk.ts';

/** Called as work goes on, with what is being done and the share that is done. */
export type Report = (what: string, share: number) => void;

const labelEvery = 8;
const depthImages = 10;

/** Seconds after the first visit began when the other person has long gone. */
const longAfter = 3600;

const drawRequest = (walk: readonly WalkFrame[], frame: WalkFrame) => ({
  worldFromCamera: frame.worldFromCamera,
  seconds: frame.index / frameRate,
  isAfterMove: isAfterMove(walk, frame),
});

/** Frames with their pictures, in order, of which up to three are drawn ahead of the reader. */
async function* drawnAhead<T>(
  frames: readonly WalkFrame[],
  draw: (frame: WalkFrame) => Promise<T>,
): AsyncGenerator<readonly [WalkFrame, T]> {
  const ahead: Promise<T>[] = [];
  for (const [i, frame] of frames.entries()) {
    ahead.push(...frames.slice(i + ahead.length, i + 3).map(draw));
    const picture = ahead.shift();
    if (picture) {
      yield [frame, await picture];
    }
  }
}

const toJson = (value: unknown): string =>
  // Six digits are micrometres: more would be noise in the repository.
  `${JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' ? Number(v.toFixed(6)) : v), 1)}\n`;

/** Renders the sample session of a seed into a folder: the video, its camera, an annotator's labels, and the truth. */
export const renderSession = async (seed: number, folder: string, report: Report): Promise<void> => {
  const intrinsics = intrinsicsFor(640, 480);
  const apartment = layOut(seed);
  const walk = walkThrough(apartment.plan);
  const depthFolder = join(folder, 'truth', 'depth');
  await rm(depthFolder, { recursive: true, force: true });
  await mkdir(depthFolder, { recursive: true });
  await writeIntrinsics(join(folder, 'camera-intrinsics.txt'), intrinsics);
  await writeFile(join(folder, 'truth', 'poses.txt'), tumTrajectory(walk));
  await writeFile(join(folder, 'truth', 'objects.json'), toJson(truthOf(apartment, walk, 'apartment')));

  report('building and lighting the apartment', 0);
  await using studio = await Studio.open(seed, 'fine', intrinsics);
  const sightings: Sighting[] = [];
  const depthEvery = Math.floor(walk.length / depthImages);
  const sampled = walk.filter(({ index }) => index % labelEvery === 0 || index % depthEvery === 0);
  for await (const [frame, truth] of drawnAhead(sampled, (each) => studio.truth(drawRequest(walk, each)))) {
    if (frame.index % labelEvery === 0) {
      sightings.push(...sightingsIn(apartment, frame, isAfterMove(walk, frame), truth.maskNumbers, intrinsics));
    }
    if (frame.index % depthEvery === 0) {
      await writeDepth(join(depthFolder, `${frame.ptsMicros}.png`), truth);
    }
    report('labels and depth', frame.index / walk.length);
  }
  await writeFile(join(folder, 'labels.json'), toJson(labelsFrom(apartment, sightings, createRandom(seed, 'labels'))));

  const video = startVideo(join(folder, 'walk.mp4'), intrinsics, frameRate);
  for await (const [frame, rgb] of drawnAhead(walk, (each) => studio.colour(drawRequest(walk, each)))) {
    await video.write(rgb);
    report('video', frame.index / walk.length);
  }
  await video.finish();
};

/** Renders a later visit of the same apartment, when the mug has been moved and nobody is in: the video and its truth. */
export const renderSecondVisit = async (seed: number, folder: string, report: Report): Promise<void> => {
  const intrinsics = intrinsicsFor(640, 480);
  const walk = walkThrough(layOut(seed).plan, 'second');
  await mkdir(join(folder, 'truth'), { recursive: true });
  await writeIntrinsics(join(folder, 'camera-intrinsics.txt'), intrinsics);
  await writeFile(join(folder, 'truth', 'poses.txt'), tumTrajectory(walk));
  report('building and lighting the apartment', 0);
  await using studio = await Studio.open(seed, 'fine', intrinsics);
  const draw = ({ worldFromCamera }: WalkFrame) =>
    studio.colour({ worldFromCamera, seconds: longAfter, isAfterMove: true });
  const video = startVideo(join(folder, 'walk.mp4'), intrinsics, frameRate);
  for await (const [frame, rgb] of drawnAhead(walk, draw)) {
    await video.write(rgb);
    report('video', frame.index / walk.length);
  }
  await video.finish();
};

/** Which part of the walk to render as an RGB-D folder, and how large. */
export interface RgbdExcerpt {
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** 1 takes every frame, 2 every other one. */
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/** Renders part of the walk as numbered colour, depth and pose files. */
export const renderRgbd = async (
  seed: number,
  folder: string,
  { firstFrame, lastFrame, step, width, height }: RgbdExcerpt,
  report: Report,
): Promise<void> => {
  const intrinsics = intrinsicsFor(width, height);
  const walk = walkThrough(layOut(seed).plan);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeIntrinsics(join(folder, 'camera-intrinsics.txt'), intrinsics);
  report('building and lighting the apartment', 0);
  await using studio = await Studio.open(seed, 'fine', intrinsics);
  const frames = walk.slice(firstFrame, lastFrame + 1).filter((_, i) => i % step === 0);
  for (const [i, frame] of frames.entries()) {
    const stem = join(folder, `frame-${String(i).padStart(6, '0')}`);
    await writeJpeg(`${stem}.color.jpg`, await studio.colour(drawRequest(walk, frame)), intrinsics);
    await writeDepth(`${stem}.depth.png`, await studio.truth(drawRequest(walk, frame)));
    await writePose(`${stem}.pose.txt`, frame.worldFromCamera);
    report('RGB-D frames', i / frames.length);
  }
};
