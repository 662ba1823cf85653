/**
 * The cloud that is made of pictures and poses alone, against the one that is made with the sensor's depth. Both take the
 * recorded poses, so that nothing but depth is compared.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PointCloud } from '../../../app/contract/binary.ts';
import type { SourceOptions } from '../../../app/contract/job.ts';
import { MapBuilder } from '../../../app/engine/map-builder.ts';
import { KnownPoses } from '../../../app/geometry/known-poses.ts';
import { encodeJpeg } from '../../../app/media/encode.ts';
import type { Frame } from '../../../app/media/frame.ts';
import { openSource } from '../../../app/media/open-source.ts';
import { Library } from '../../../app/memory/library.ts';
import { bounded, told, type Figure } from './figure.ts';
import { sharedData } from './recordings.ts';

const nearMetres = 0.05;

interface Recording {
  readonly name: string;
  readonly folder: string;
  readonly options: SourceOptions;
}

const recordings: readonly Recording[] = [
  {
    name: 'livingroom without its depth',
    folder: 'livingroom',
    options: { intrinsics: { fx: 525, fy: 525, cx: 319.5, cy: 239.5 } },
  },
  { name: 'home-walk without its depth', folder: 'home-walk', options: { framesPerSecond: 5 } },
];

/** Share of `points` that have one of `others` within `metres`. */
export const shareNear = (points: Float32Array, others: Float32Array, metres: number): number => {
  const cellOf = (value: number | undefined): number => Math.floor((value ?? 0) / metres);
  const key = (x: number, y: number, z: number): string => `${x} ${y} ${z}`;
  const cells = new Map<string, number[]>();
  for (let i = 0; i < others.length; i += 3) {
    const cell = key(cellOf(others[i]), cellOf(others[i + 1]), cellOf(others[i + 2]));
    cells.set(cell, [...(cells.get(cell) ?? []), i]);
  }
  const steps = [-1, 0, 1];
  const around = steps.flatMap((x) => steps.flatMap((y) => steps.map((z) => [x, y, z] as const)));
  const distance = (i: number, j: number): number =>
    Math.hypot(...[0, 1, 2].map((axis) => (points[i + axis] ?? 0) - (others[j + axis] ?? 0)));
  let near = 0;
  for (let i = 0; i < points.length; i += 3) {
    const [x, y, z] = [cellOf(points[i]), cellOf(points[i + 1]), cellOf(points[i + 2])];
    const isNear = around.some(([dx, dy, dz]) =>
      cells.get(key(x + dx, y + dy, z + dz))?.some((j) => distance(i, j) <= metres),
    );
    near += isNear ? 1 : 0;
  }
  return near / (points.length / 3);
};

const stored = async ({ image, files }: Frame): Promise<{ jpeg: Uint8Array }> => ({
  jpeg: files?.jpeg === undefined ? await encodeJpeg(image) : await readFile(files.jpeg),
});

const openLibrary = async (folder: string): Promise<Library> => {
  const opened = await Library.open(folder, { mode: 'write', create: true });
  if (!opened.ok) {
    throw new Error(opened.error.message);
  }
  return opened.value;
};

const noPoints: PointCloud = { positions: new Float32Array(), colours: new Uint8Array() };

const measure = async ({ name, folder: recording, options }: Recording): Promise<Figure[]> => {
  const opened = await openSource(join(sharedData, recording), options);
  if (!opened.ok) {
    throw new Error(opened.error.message);
  }
  await using source = opened.value;
  const { info } = source;
  if (!info.intrinsics) {
    throw new Error(`${recording} says nothing of its camera`);
  }
  using poses = new KnownPoses(({ recordedPose }) => recordedPose);
  const folder = await mkdtemp(join(tmpdir(), 'loci-dense-cloud-'));
  const library = await openLibrary(join(folder, 'library'));
  const session = { intrinsics: info.intrinsics, intrinsicsKnown: true, scale: 'metric' } as const;
  const withDepth = await MapBuilder.create(library, { ...session, id: 'with' }, info);
  const without = await MapBuilder.create(library, { ...session, id: 'without' }, { ...info, hasDepth: false });
  let keyframes = 0;
  let micros = 0;
  for await (const event of source.frames()) {
    const [tracked] = event.type === 'frame' ? await poses.track(event.frame) : [];
    if (event.type !== 'frame' || !tracked?.keyframe) {
      continue;
    }
    const { frame } = event;
    keyframes++;
    withDepth.add(frame, tracked.worldFromCamera, stored(frame));
    withDepth.settle([tracked]);
    await withDepth.idle();
    const before = process.cpuUsage();
    without.add(frame, tracked.worldFromCamera, stored(frame));
    without.settle([tracked]);
    await without.idle();
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
  }
  for (const [id, map] of Object.entries({ with: withDepth, without })) {
    await map.complete({ ...session, id }, [], [], new AbortController().signal);
    await map.save(noPoints);
  }
  const wanted = ((await library.points('with')) ?? noPoints).positions;
  const found = ((await library.points('without')) ?? noPoints).positions;
  await Promise.all([withDepth.close(), without.close()]);
  await library.close();
  await rm(folder, { recursive: true, force: true });
  return [
    bounded(name, 'points within 5 cm, %', 100 * shareNear(found, wanted, nearMetres), { atLeast: 70 }, 1),
    bounded(name, 'surface covered within 5 cm, %', 100 * shareNear(wanted, found, nearMetres), { atLeast: 40 }, 1),
    told(name, 'points', found.length / 3, 0),
    told(name, 'CPU ms a keyframe, map included', micros / 1000 / keyframes, 1),
  ];
};

/** Dense clouds without depth; the library that they are written to is thrown away. */
export const denseClouds: Readonly<Record<string, () => Promise<Figure[]>>> = {
  'dense-cloud': async () => {
    const figures: Figure[] = [];
    for (const recording of recordings) {
      figures.push(...(await measure(recording)));
    }
    return figures;
  },
};
