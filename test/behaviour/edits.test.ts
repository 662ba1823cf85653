import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PointCloud } from '../../app/contract/binary.ts';
import type { MapEdit, Revision } from '../../app/contract/edit.ts';
import type { Pose, Vector3 } from '../../app/contract/geometry.ts';
import type { SceneObject } from '../../app/contract/scene.ts';
import type { FrameReference } from '../../app/contract/session.ts';
import { Engine } from '../../app/engine/engine.ts';
import { refreshRelations } from '../../app/engine/scene.ts';
import { loci } from '../fixtures/loci.ts';
import { makeRgbdFolder, makeRoomVideo, temporaryFolder, type Recording } from '../fixtures/recordings.ts';

const size = { width: 320, height: 240 };

const openEngine = async (library: string): Promise<Engine> => {
  const opened = await Engine.open({ libraryFolder: library, mode: 'write' });
  if (!opened.ok) {
    throw new Error(opened.error.message);
  }
  return opened.value;
};

const pointAt = ({ positions }: PointCloud, i: number): Vector3 => [
  positions[i * 3]!,
  positions[i * 3 + 1]!,
  positions[i * 3 + 2]!,
];
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
const positionOf = (pose: Pose): Vector3 => [pose[3]!, pose[7]!, pose[11]!];

const box = (center: Vector3, side: number) => ({
  center,
  axesLengths: [side, side, side] as Vector3,
  axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});

const aThing = (id: string, center: Vector3, seen: FrameReference, side = 0.2): SceneObject => ({
  ...{ id, environment: 'room', label: id.replace(/-\d+$/, ''), ...box(center, side), confidence: 0.9 },
  ...{ source: 'person', scale: 'metric', firstSeen: seen, lastSeen: seen, observations: 1, evidence: [seen] },
});

const angleTo = (up: readonly number[]): number => (Math.acos(Math.min(1, up[2]!)) * 180) / Math.PI;

/** Where the true vertical of a rendered room points in the world of its session, in degrees from z. */
const tiltOf = (worldFromCamera: Pose, trueWorldFromCamera: readonly number[]): number => {
  const upInCamera = [8, 9, 10].map((i) => trueWorldFromCamera[i]!);
  return angleTo(
    [0, 4, 8].map((row) => upInCamera.reduce((sum, value, i) => sum + worldFromCamera[row + i]! * value, 0)),
  );
};

describe('a plain video of unknown scale', () => {
  it('answers in metres once a person has told one length, and no longer when that is undone', async () => {
    await using folder = await temporaryFolder();
    const { path, frames, intrinsics } = await makeRoomVideo(folder.path, { ...size, frames: 90 });
    const library = join(folder.path, 'library');
    const place = ['--library', library, '--environment', 'room', '--json'];
    const { fx, fy, cx, cy } = intrinsics;
    await loci('ingest', path, ...place, '--intrinsics', [fx, fy, cx, cy].join(','));

    // Two points of the map, far apart, and how far they truly are: the path of the camera tells the true scale.
    const travelled = (positions: readonly Vector3[]): number => apart(positions[0]!, positions.at(-1)!);
    const { from, trueLength, trueWalk } = await (async () => {
      await using engine = await openEngine(library);
      const cloud = await engine.points('room/room');
      const [from, to] = [pointAt(cloud, 0), pointAt(cloud, 0)].map((first, k) => {
        const all = Array.from({ length: cloud.positions.length / 3 }, (_, i) => pointAt(cloud, i));
        return k === 0 ? first : all.toSorted((a, b) => apart(b, first) - apart(a, first))[0]!;
      }) as [Vector3, Vector3];
      const located = (await engine.library.frames('room/room')).filter(({ worldFromCamera }) => worldFromCamera);
      const trueWalk = travelled(located.map(({ index }) => positionOf(frames[index]!.worldFromCamera)));
      const walk = travelled(located.map(({ worldFromCamera }) => positionOf(worldFromCamera!)));
      const seen = { sessionId: 'room/room', ptsMicros: located[0]!.ptsMicros };
      await engine.library.saveObjects(
        [aThing('mug-1', from, seen, 1e-3), aThing('door-1', to, seen, 1e-3)].map((thing) => ({
          ...thing,
          scale: 'arbitrary' as const,
        })),
      );
      return { from, trueLength: (apart(from, to) * trueWalk) / walk, trueWalk };
    })();
    const ask = async (engine: Engine) => {
      const asked = await engine.ask('room', 'How far is the mug from the door?');
      return asked.ok ? asked.value.answer : undefined;
    };
    const scaleOf = async (engine: Engine) => (await engine.library.sessions())[0]!.scale;
    {
      await using engine = await openEngine(library);
      expect(await ask(engine)).toMatchObject({ status: 'cannot-tell' });
    }

    const ends = ['--from', from.join(','), '--to', 'door-1'];
    const said = await loci('scale', ...place, '--length', String(trueLength), ...ends);
    expect(said.stderr).toBe('');
    expect(said.lines).toMatchObject([{ type: 'revision', kind: 'scale', revision: 1, undone: false }]);

    await using engine = await openEngine(library);
    expect(await scaleOf(engine)).toBe('metric');
    const answer = await ask(engine);
    expect(answer).toMatchObject({ status: 'answered', unit: 'm' });
    expect(Math.abs(Number(answer!.value) - trueLength)).toBeLessThan(0.02);
    const located = (await engine.library.frames('room/room')).filter(({ worldFromCamera }) => worldFromCamera);
    const walk = travelled(located.map(({ worldFromCamera }) => positionOf(worldFromCamera!)));
    expect(walk).toBeCloseTo(trueWalk, 6);

    await engine.undo('room');
    expect(await scaleOf(engine)).toBe('arbitrary');
    expect(await ask(engine)).toMatchObject({ status: 'cannot-tell' });
    expect(await engine.redo('room')).toMatchObject({ ok: true, value: { kind: 'scale', undone: false } });
    expect(await ask(engine)).toMatchObject({ status: 'answered' });
  });
});

describe('a room', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let recording: Recording;
  let library: string;
  let place: string[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    library = join(folder.path, 'library');
    place = ['--library', library, '--environment', 'room', '--json'];
    recording = await makeRgbdFolder(folder.path, { ...size, frames: 40 });
    await loci('ingest', recording.path, ...place);
    await using engine = await openEngine(library);
    const seen = { sessionId: 'room/room', ptsMicros: 0 };
    const { middle } = await somewhere(engine);
    await engine.library.saveObjects([
      aThing('table-1', middle, seen, 0.6),
      aThing('cup-1', [middle[0], middle[1], middle[2] + 0.4], seen),
    ]);
    await refreshRelations(engine.library, 'room');
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  /** A place in the midst of the map's points, and how many of them are near it. */
  const somewhere = async (engine: Engine): Promise<{ middle: Vector3; near: (cloud: PointCloud) => number }> => {
    const cloud = await engine.points('room/room');
    const middle = pointAt(cloud, Math.floor(cloud.positions.length / 6));
    const near = (other: PointCloud): number =>
      Array.from({ length: other.positions.length / 3 }, (_, i) => pointAt(other, i)).filter((p) =>
        p.every((value, axis) => Math.abs(value - middle[axis]!) <= 0.25),
      ).length;
    return { middle, near };
  };

  /** All that may change when something is edited. */
  const stateOf = async (engine: Engine) => ({
    session: await engine.library.session('room/room'),
    frames: await engine.library.frames('room/room'),
    points: await engine.points('room/room'),
    objects: await engine.library.objects('room'),
    relations: await engine.relations('room'),
  });

  const edit = async (engine: Engine, change: MapEdit): Promise<Revision> => {
    const made = await engine.editMap('room/room', change);
    if (!made.ok) {
      throw new Error(made.error.message);
    }
    return made.value;
  };

  it('that is tilted is levelled by its floor and walls, and its relations follow', async () => {
    await using engine = await openEngine(library);
    const before = await stateOf(engine);
    const tiltNow = async (): Promise<number> => {
      const [frame] = await engine.library.frames('room/room');
      return tiltOf(frame!.worldFromCamera!, recording.frames[0]!.worldFromCamera);
    };
    expect(await tiltNow()).toBeLessThan(0.5);
    expect(before.relations).toMatchObject([{ kind: expect.stringMatching(/on_top|under/) as string }, {}]);

    // Down is now where the near wall was: nothing stands on anything.
    const normal: Vector3 = [0, Math.sin(1.2), Math.cos(1.2)];
    expect((await engine.level('room/room', { kind: 'floor', point: [0, 0, 0], normal })).ok).toBe(true);
    expect(await tiltNow()).toBeCloseTo((1.2 * 180) / Math.PI, 0);
    expect((await engine.relations('room')).map(({ kind }) => kind)).not.toContain('on_top');
    await engine.undo('room');
    expect(await stateOf(engine)).toEqual(before);

    const slight: Vector3 = [0.2, -0.1, 0.95];
    await engine.level('room/room', { kind: 'floor', point: [0, 0, 0], normal: slight });
    expect(await tiltNow()).toBeGreaterThan(8);
    const levelled = await engine.level('room/room', { kind: 'auto' });
    expect(levelled).toMatchObject({ ok: true, value: { kind: 'level' } });
    expect(await tiltNow()).toBeLessThan(0.3);
    await engine.undo('room');

    // The same by one place on the floor: the lowest of the map's points.
    const cloud = await engine.points('room/room');
    const up = slight.map((value) => value / Math.hypot(...slight));
    const height = (p: Vector3): number => p[0] * -up[0]! + p[1] * -up[1]! + p[2] * up[2]!;
    const lowest = Array.from({ length: cloud.positions.length / 3 }, (_, i) => pointAt(cloud, i))
      .toSorted((a, b) => height(a) - height(b))
      .at(500)!;
    await engine.level('room/room', { kind: 'floor', point: lowest });
    expect(await tiltNow()).toBeLessThan(0.3);
    await engine.undo('room');
    await engine.undo('room');
    expect(await stateOf(engine)).toEqual(before);
  });

  it('loses what is deleted, also when its recording is ingested again, and gets it back by undoing', async () => {
    const { middle, near, before } = await (async () => {
      await using engine = await openEngine(library);
      return { ...(await somewhere(engine)), before: await stateOf(engine) };
    })();
    const file = join(folder.path, 'delete.json');
    await writeFile(file, JSON.stringify({ kind: 'delete', selection: { by: 'box', box: box(middle, 0.5) } }));
    expect(near(before.points)).toBeGreaterThan(50);

    const deleted = await loci('map', 'edit', '--file', file, ...place);
    expect(deleted.stderr).toBe('');
    expect(deleted.lines).toMatchObject([{ kind: 'delete', summary: expect.stringContaining('table-1') as string }]);
    await loci('ingest', recording.path, ...place);
    {
      await using engine = await openEngine(library);
      const cloud = await engine.points('room/room');
      expect(near(cloud)).toBe(0);
      expect(cloud.positions.length / 3).toBe(before.points.positions.length / 3 - near(before.points));
      expect((await engine.library.objects('room')).map(({ id }) => id)).toEqual(['cup-1']);
      expect(await engine.relations('room')).toEqual([]);
    }
    expect((await loci('history', ...place)).lines.at(-1)).toMatchObject({ kind: 'delete', undone: false });
    expect((await loci('undo', ...place)).status).toBe(0);
    await using engine = await openEngine(library);
    expect(await stateOf(engine)).toEqual(before);

    // The map is made anew underneath what was deleted.
    await engine.redo('room');
    await engine.library.savePoints('room/room', before.points);
    expect(near(await engine.points('room/room'))).toBe(0);
    await engine.undo('room');
    expect(near(await engine.points('room/room'))).toBe(near(before.points));
  });

  it('has things moved, copied and inserted, which stay in place when the room is turned and scaled', async () => {
    await using engine = await openEngine(library);
    const before = await stateOf(engine);
    const { middle, near } = await somewhere(engine);
    const shift: Vector3 = [0.3, 10, 0];
    const selection = { by: 'object', objectId: 'table-1' } as const;

    await edit(engine, { kind: 'duplicate', selection, motion: { translation: shift, turnRadians: 0 } });
    const copied = await engine.points('room/room');
    const table = before.objects.find(({ id }) => id === 'table-1')!;
    const copy = (await engine.library.objects('room')).find(({ id }) => /^table-r\d+$/.test(id))!;
    expect(apart(copy.center, table.center)).toBeCloseTo(Math.hypot(...shift), 5);
    // What is around the copy is what is around the original, shifted.
    const shiftedBack = {
      ...copied,
      positions: copied.positions.map((value, i) => value - shift[i % 3]!),
    };
    expect(Math.abs(near(shiftedBack) - near(before.points))).toBeLessThanOrEqual(2);
    await engine.undo('room');
    expect(await stateOf(engine)).toEqual(before);

    await edit(engine, { kind: 'move', selection, motion: { translation: shift, turnRadians: Math.PI / 2 } });
    await edit(engine, { kind: 'insert', label: 'lamp', box: box(middle, 0.1) });
    const lamp = (await engine.library.objects('room')).find(({ label }) => label === 'lamp')!;
    expect(lamp.evidence).toHaveLength(1);
    const edited = await stateOf(engine);
    expect(near(edited.points)).toBe(0);
    expect(edited.points.positions.length).toBe(before.points.positions.length);

    const [lowered, doubled] = await Promise.all([
      engine.level('room/room', { kind: 'floor', point: [0, 0, 0], normal: [0.6, 0, 0.8] }),
      engine.scale('room/room', {
        ...{ kind: 'known-length', lengthMetres: 2 * apart(table.center, lamp.center) || 1 },
        from: { objectId: 'cup-1' },
        to: { objectId: lamp.id },
      }),
    ]);
    expect([lowered.ok, doubled.ok]).toEqual([true, true]);
    const after = await stateOf(engine);
    const ratio =
      apart(pointAt(after.points, 0), pointAt(after.points, 9)) /
      apart(pointAt(edited.points, 0), pointAt(edited.points, 9));
    expect(after.points.positions.length).toBe(edited.points.positions.length);
    // All distances, between points, objects and cameras, are those of before times one number.
    const places = (state: typeof before): Vector3[] => [
      ...[3, 77, 401].map((i) => pointAt(state.points, state.points.positions.length / 3 - i)),
      ...state.objects.map(({ center }) => center),
      positionOf(state.frames[0]!.worldFromCamera!),
    ];
    const [was, is] = [places(edited), places(after)];
    was.forEach((a, i) =>
      was.forEach((b, j) => {
        expect(apart(is[i]!, is[j]!)).toBeCloseTo(ratio * apart(a, b), 4);
      }),
    );
    for (let i = 0; i < 4; i++) {
      await engine.undo('room');
    }
    expect(await stateOf(engine)).toEqual(before);
  });
});

describe('an edit that cannot be made', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let library: string;
  let place: string[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    library = join(folder.path, 'library');
    place = ['--library', library, '--environment', 'room', '--json'];
    const { path } = await makeRgbdFolder(folder.path, { width: 160, height: 120, frames: 8 });
    await loci('ingest', path, ...place);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const refusals: readonly (readonly [string, (engine: Engine) => Promise<unknown>, string, RegExp])[] = [
    [
      'a length of zero',
      (engine) =>
        engine.scale('room/room', {
          ...{ kind: 'known-length', lengthMetres: 0 },
          ...{ from: { point: [0, 0, 0] }, to: { point: [1, 0, 0] } },
        }),
      'edit-invalid',
      /above 0, not 0/,
    ],
    [
      'two ends in one place',
      (engine) =>
        engine.scale('room/room', {
          ...{ kind: 'known-length', lengthMetres: 1 },
          ...{ from: { point: [0, 0, 0] }, to: { point: [0, 0, 0] } },
        }),
      'edit-invalid',
      /Both ends/,
    ],
    [
      'an end that is not on the map',
      (engine) =>
        engine.scale('room/room', {
          ...{ kind: 'known-length', lengthMetres: 1 },
          ...{ from: { point: [0, 900, 0] }, to: { point: [1, 900, 0] } },
        }),
      'edit-invalid',
      /0, 900, 0 is not on the map of room\/room: its nearest point is 89\d/,
    ],
    [
      'an object that is not there',
      (engine) =>
        engine.scale('room/room', {
          ...{ kind: 'known-length', lengthMetres: 1 },
          ...{ from: { objectId: 'piano-1' }, to: { point: [1, 0, 0] } },
        }),
      'edit-invalid',
      /no object "piano-1"/,
    ],
    [
      'a selection of an object that is not there',
      (engine) => engine.editMap('room/room', { kind: 'delete', selection: { by: 'object', objectId: 'piano-1' } }),
      'edit-invalid',
      /no object "piano-1"/,
    ],
    [
      'a polygon of two points',
      (engine) =>
        engine.editMap('room/room', {
          kind: 'delete',
          selection: {
            ...{ by: 'lasso', worldFromCamera: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] },
            intrinsics: { fx: 100, fy: 100, cx: 50, cy: 50, width: 100, height: 100 },
            polygon: [
              [1, 1],
              [9, 9],
            ],
          },
        }),
      'edit-invalid',
      /lasso of 2 corners/,
    ],
    [
      'a box that holds nothing',
      (engine) => engine.editMap('room/room', { kind: 'delete', selection: { by: 'box', box: box([0, 900, 0], 1) } }),
      'edit-invalid',
      /no point and no object/,
    ],
    [
      'a box without extent',
      (engine) => engine.editMap('room/room', { kind: 'insert', label: 'lamp', box: box([0, 0, 0], 0) }),
      'edit-invalid',
      /side without length/,
    ],
    [
      'a floor whose normal points down',
      (engine) => engine.level('room/room', { kind: 'floor', point: [0, 0, 0], normal: [0, 0, -1] }),
      'edit-invalid',
      /points down/,
    ],
    [
      'depth of a model that is not installed',
      (engine) => engine.scale('room/room', { kind: 'depth-model' }),
      'scale-unknown',
      /No model/,
    ],
    [
      'an unknown session',
      (engine) => engine.level('room/attic', { kind: 'auto' }),
      'session-not-found',
      /room\/attic/,
    ],
    ['undoing nothing', (engine) => engine.undo('room'), 'nothing-to-undo', /nothing to undo in room/],
  ];

  it.each(refusals)('is refused with its reason: %s', async (_what, attempt, code, message) => {
    await using engine = await openEngine(library);
    expect(await attempt(engine)).toMatchObject({
      ok: false,
      error: { code, message: expect.stringMatching(message) as string, hint: expect.stringMatching(/\w/) as string },
    });
    expect(await engine.library.edits.history('room')).toEqual([]);
  });

  it('names the file and the field that is wrong', async () => {
    const file = join(folder.path, 'edit.json');
    await writeFile(file, JSON.stringify({ kind: 'move', selection: { by: 'object', objectId: 'mug-1' } }));
    const refused = await loci('map', 'edit', '--file', file, ...place);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/edit\.json cannot be read as an edit: motion.*edit-invalid.*docs\/formats\.md/s);
  });

  it('is refused while another process writes', async () => {
    await using engine = await openEngine(library);
    const refused = await loci('undo', ...place);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/library-locked/);
    expect(engine.library.readOnly).toBe(false);
  });

  it('leaves one state or the other when the relations of a step could not be written any more', async () => {
    // What a process that is killed between the step and its relations leaves: the step alone.
    await using engine = await openEngine(library);
    const { library: memory } = engine;
    const [frame] = await memory.frames('room/room');
    const seen = { sessionId: 'room/room', ptsMicros: frame!.ptsMicros };
    await memory.saveObjects([aThing('table-1', [0, 2, 0], seen, 0.6), aThing('cup-1', [0, 2, 0.4], seen)]);
    await refreshRelations(memory, 'room');
    const before = await engine.relations('room');
    expect(before.map(({ kind }) => kind).toSorted()).toEqual(['on_top', 'under']);
    const quarter = { metresPerUnit: 1, pose: [1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1] };
    await memory.edits.add('room', () => ({ kind: 'level', world: 'room/room', change: quarter }), 'turned over');
    expect(await memory.relations('room')).toHaveLength(2);
    expect((await engine.relations('room')).map(({ kind }) => kind)).not.toContain('on_top');
    await engine.undo('room');
    expect(await engine.relations('room')).toEqual(before);
  });
});
