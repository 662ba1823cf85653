import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PointCloud } from '../../app/contract/binary.ts';
import { ingestRequestSchema, type IngestEvent } from '../../app/contract/job.ts';
import { ingest } from '../../app/engine/ingest.ts';
import { MapBuilder } from '../../app/engine/map-builder.ts';
import type { Correction } from '../../app/geometry/session-map.ts';
import { Library } from '../../app/memory/library.ts';
import { makeRgbdFolder, temporaryFolder } from '../fixtures/recordings.ts';

/** Enough for two batches to be committed before the last frame. */
const frames = 270;

const read = async (library: Library, path: string, stopAtFirst = false): Promise<IngestEvent | undefined> => {
  // Every sixth frame is kept, about 6 cm from the one before.
  const memory = { policyRateHertz: 5 };
  const request = ingestRequestSchema.parse({ path, environment: 'room', poses: 'recorded', memory });
  const stop = new AbortController();
  let last: IngestEvent | undefined;
  for await (const event of ingest(library, request, stop.signal)) {
    last = event;
    if (event.type === 'progress' && stopAtFirst) {
      stop.abort();
    }
  }
  return last;
};

const openLibrary = async (folder: string): Promise<Library> => {
  const opened = await Library.open(folder, { mode: 'write', create: true });
  if (!opened.ok) {
    throw new Error(opened.error.message);
  }
  return opened.value;
};

const pointsOf = async (library: Library): Promise<PointCloud> =>
  (await library.points('room/room')) ?? { positions: new Float32Array(), colours: new Uint8Array() };

const noPoints: PointCloud = { positions: new Float32Array(), colours: new Uint8Array() };

/** How two neighbouring views changed: the second grew by a tenth against the first. */
const bent = [1, 1.1].map((scale, i): Correction => {
  const pose = [1, 0, 0, 0.1 * i, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return { ptsMicros: i * 200_000, subMap: 0, scale, from: pose, to: pose };
});

/** Ends the session of a library once more with a map that has none of its keyframes; answers that map. */
const endAgain = async (
  library: Library,
  { intrinsicsKnown, views = [] }: { intrinsicsKnown: boolean; views?: readonly Correction[] },
  signal = new AbortController().signal,
): Promise<PointCloud> => {
  const [stored] = await library.sessions();
  if (!stored) {
    throw new Error('The library has no session');
  }
  const session = { ...stored, intrinsicsKnown };
  const map = await MapBuilder.create(library, session, { hasDepth: false });
  try {
    await map.complete(session, [], views, signal);
    return await map.save(noPoints);
  } finally {
    await map.close();
  }
};

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

describe('a recording of pictures and poses', () => {
  const resources = new AsyncDisposableStack();
  let folder: string;
  let recording: string;
  let library: Library;
  let cloud: PointCloud;

  beforeAll(async () => {
    folder = resources.use(await temporaryFolder()).path;
    const walk = { width: 160, height: 120, frames, withDepth: false };
    recording = (await makeRgbdFolder(folder, walk)).path;
    library = resources.use(await openLibrary(join(folder, 'whole')));
    expect(await read(library, recording)).toMatchObject({ type: 'summary', frames });
    cloud = await pointsOf(library);
  });
  afterAll(() => resources.disposeAsync());

  it('becomes a cloud of the surfaces that were seen', () => {
    const points = cloud.positions.length / 3;
    expect(points).toBeGreaterThan(20_000);
    // The room as the fixture describes it: x ±2 m, y ±2.5 m, z 0 … 2.6 m.
    const walls = [
      [-2, 2],
      [-2.5, 2.5],
      [0, 2.6],
    ] as const;
    const gaps = Array.from({ length: points }, (_, i) =>
      Math.min(
        ...walls.flatMap((pair, axis) => pair.map((wall) => Math.abs((cloud.positions[3 * i + axis] ?? 0) - wall))),
      ),
    );
    expect(gaps.filter((gap) => gap < 0.05).length / points).toBeGreaterThan(0.85);
  });

  it('becomes the same cloud when it is read in two parts', async () => {
    await using parts = await openLibrary(join(folder, 'parts'));
    expect(await read(parts, recording, true)).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
    expect(await read(parts, recording)).toMatchObject({ type: 'summary', frames });
    const { positions, colours } = await pointsOf(parts);
    // As bytes, since to print how a hundred thousand numbers differ would take minutes.
    expect(Buffer.compare(bytesOf(positions), bytesOf(cloud.positions))).toBe(0);
    expect(Buffer.compare(colours, cloud.colours)).toBe(0);
  });

  describe('whose session ends', () => {
    it('with views that were bent, is mapped again from its keyframes', async () => {
      await endAgain(library, { intrinsicsKnown: true, views: bent });
      expect(Buffer.compare(bytesOf((await pointsOf(library)).positions), bytesOf(cloud.positions))).toBe(0);
    });

    it('with a camera that was guessed, is mapped only then', async () => {
      await endAgain(library, { intrinsicsKnown: false });
      expect(Buffer.compare(bytesOf((await pointsOf(library)).positions), bytesOf(cloud.positions))).toBe(0);
    });

    it('and is cancelled, leaves the library as it was', async () => {
      const { positions } = await pointsOf(library);
      await expect(endAgain(library, { intrinsicsKnown: false }, AbortSignal.abort())).rejects.toThrow('Cancelled');
      expect((await pointsOf(library)).positions).toHaveLength(positions.length);
    });

    it('with views that stayed as they were, keeps the map that it has', async () => {
      const { positions } = await endAgain(library, { intrinsicsKnown: true });
      expect(positions).toHaveLength(0);
    });
  });
});
