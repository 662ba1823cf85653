import { describe, expect, test } from 'vitest';
import type { LibraryChange } from '../../app/contract/api.ts';
import type { EpisodicEntry } from '../../app/contract/session.ts';
import {
  aKeyframe,
  anObject,
  aSession,
  axisDescriptor,
  openLibrary,
  someFrames,
  temporaryFolder,
} from '../fixtures/stored-session.ts';

describe('what a library holds', () => {
  test('is the same after closing and opening it again', async () => {
    await using folder = await temporaryFolder();
    const session = aSession('kitchen', 'monday', { frames: 20, warnings: [] });
    const frames = someFrames(0, 20);
    const keyframe = aKeyframe(session.id, 3, 500, 900);
    {
      await using library = await openLibrary(folder.path);
      await library.saveSession(session);
      await library.appendFrames(session.id, frames);
      await library.saveKeyframes([keyframe]);
      await library.saveSteps(session.id, [0, 500_000]);
    }

    await using library = await openLibrary(folder.path, 'read');

    expect(await library.sessions()).toEqual([session]);
    expect(await library.frames(session.id)).toEqual(frames);
    expect(await library.frame(session.id, 100_000)).toEqual(frames[3]);
    expect(await library.frame(session.id, 100_001)).toBeUndefined();
    expect(await library.steps(session.id)).toEqual([0, 500_000]);
    const { jpeg, depthPng, depthMetresPerUnit: metresPerUnit, descriptor: _, ...listed } = keyframe;
    const { tracking, worldFromCamera } = frames[3]!;
    expect(await library.keyframes(session.id)).toEqual([{ ...listed, tracking, worldFromCamera }]);
    expect(Buffer.from((await library.picture(session.id, keyframe.ptsMicros))!).equals(jpeg)).toBe(true);
    const depth = await library.keyframeDepth(session.id, keyframe.ptsMicros);
    expect(depth?.metresPerUnit).toBe(metresPerUnit);
    expect(Buffer.from(depth!.png).equals(depthPng!)).toBe(true);
    expect(await library.keyframeDepth(session.id, 0)).toBeUndefined();
  });

  test('is nothing yet when it is new', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);

    expect(await library.environments()).toEqual([]);
    expect(await library.frames('kitchen/monday')).toEqual([]);
    expect(await library.picture('kitchen/monday', 0)).toBeUndefined();
    expect(await library.nearestKeyframes(axisDescriptor(0), { limit: 3 })).toEqual([]);
    const session = await library.session('kitchen/monday');
    expect(session.ok ? '' : session.error.code).toBe('session-not-found');
  });

  test('keeps names apart that are made to break quotation', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const names = ["Anna's", "' OR 1=1 --", 'a"b`c', 'back\\slash\\', '%', 'zwölf 厨房 🍳', 'line\nbreak', 'kitchen'];
    for (const name of names) {
      await library.saveSession(aSession(name, 'x'));
      await library.appendFrames(`${name}/x`, someFrames(names.indexOf(name), 1));
    }

    for (const name of names) {
      expect(await library.sessions(name)).toEqual([aSession(name, 'x')]);
      expect(await library.frames(`${name}/x`)).toEqual(someFrames(names.indexOf(name), 1));
    }
    expect((await library.environments()).map((environment) => environment.name)).toEqual([...names].sort());
  });

  test('is found by what a picture looks like, within an environment', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    await library.saveSession(aSession('kitchen', 'monday'));
    await library.saveSession(aSession('hall', 'monday'));
    await library.appendFrames('kitchen/monday', someFrames(0, 5));
    await library.appendFrames('hall/monday', someFrames(0, 5));
    await library.saveKeyframes([1, 2, 3].map((index) => aKeyframe('kitchen/monday', index)));
    await library.saveKeyframes([2, 4].map((index) => aKeyframe('hall/monday', index)));
    const mostlySecond = axisDescriptor(2);
    mostlySecond[3] = 0.5;

    const everywhere = await library.nearestKeyframes(mostlySecond, { limit: 2 });
    const inKitchen = await library.nearestKeyframes(mostlySecond, { environment: 'kitchen', limit: 2 });

    expect(everywhere.map((found) => found.keyframe.id).sort()).toEqual(['hall/monday@66667', 'kitchen/monday@66667']);
    expect(inKitchen.map((found) => found.keyframe.index)).toEqual([2, 3]);
    // cos = 1 / √(1 + 0.5²) and 0.5 / √(1 + 0.5²)
    expect(inKitchen[0]?.similarity).toBeCloseTo(0.8944, 3);
    expect(inKitchen[1]?.similarity).toBeCloseTo(0.4472, 3);
    expect(await library.nearestKeyframes(mostlySecond, { environment: 'attic', limit: 2 })).toEqual([]);
  });

  test('counts sessions and present objects of each environment', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    await library.saveSession(aSession('kitchen', 'monday'));
    await library.saveSession(aSession('kitchen', 'tuesday', { createdAtMillis: 2_000 }));
    await library.saveObjects([anObject('kitchen', 'mug1'), anObject('imported', 'mug1')]);
    await library.removeObjects('kitchen', ['mug1']);
    await library.saveEnvironmentFacts({ environment: 'garden', up: [0, 0, 1], scale: 'metric' });

    expect(await library.environments()).toEqual([
      { name: 'garden', sessions: 0, objects: 0 },
      { name: 'imported', sessions: 0, objects: 1 },
      { name: 'kitchen', sessions: 2, objects: 0 },
    ]);
    expect((await library.sessions('kitchen')).map((session) => session.name)).toEqual(['monday', 'tuesday']);
    expect(await library.environmentFacts('garden')).toEqual({ environment: 'garden', up: [0, 0, 1], scale: 'metric' });
  });
});

describe('writing the same again', () => {
  test('replaces frames by their time stamp, in any order and overlap', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const id = 'kitchen/monday';
    await library.appendFrames(id, someFrames(0, 10));
    await library.appendFrames(id, someFrames(5, 10).reverse());
    const corrected = someFrames(2, 1).map((frame) => ({ ...frame, inliers: 7 }));
    await library.appendFrames(id, corrected);
    await library.appendFrames('kitchen/tuesday', someFrames(0, 2));

    const frames = await library.frames(id);

    expect(frames.map((frame) => frame.index)).toEqual(Array.from({ length: 15 }, (_, i) => i));
    expect(frames[2]).toEqual(corrected[0]);
    expect(await library.frames('kitchen/tuesday')).toEqual(someFrames(0, 2));
  });

  test('never doubles rows, though many writes are under way at once', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const id = 'kitchen/monday';

    await Promise.all([0, 5, 0, 10, 3, 5].map((from) => library.appendFrames(id, someFrames(from, 10))));

    expect((await library.frames(id)).map((frame) => frame.index)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test('never doubles rows after reopening', async () => {
    await using folder = await temporaryFolder();
    for (const from of [0, 0, 6, 3]) {
      await using library = await openLibrary(folder.path);
      await library.appendFrames('kitchen/monday', someFrames(from, 10));
    }

    await using library = await openLibrary(folder.path, 'read');

    expect(await library.frames('kitchen/monday')).toEqual(someFrames(0, 16));
  });

  test('updates an episodic entry when it is superseded, and keeps it', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const entered: EpisodicEntry = {
      id: 'kitchen/monday@0',
      sessionId: 'kitchen/monday',
      ptsMicros: 0,
      enteredAtPtsMicros: 0,
      entryReason: 'there was room (1 of 1)',
    };
    const superseded: EpisodicEntry = {
      ...entered,
      supersededAtPtsMicros: 500_000,
      supersededByPtsMicros: 500_000,
      supersededReason: 'most similar to a new entry',
      similarity: 0.75,
    };
    await library.saveEpisodic([entered]);
    expect(await library.episodic('kitchen/monday')).toEqual([entered]);

    await library.saveEpisodic([superseded]);

    expect(await library.episodic('kitchen/monday')).toEqual([superseded]);
  });

  test('replaces the map and the relations as a whole', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const cloud = { positions: new Float32Array([1, 2, 3, 4, 5, 6]), colours: new Uint8Array([9, 8, 7, 6, 5, 4]) };
    const near = {
      fromId: 'a',
      toId: 'b',
      kind: 'near',
      distanceMetres: 1,
      direction: [1, 0, 0],
      confidence: 1,
    } as const;
    const relation = { ...near, direction: [...near.direction] as [number, number, number] };
    await library.savePoints('kitchen/monday', { positions: new Float32Array(300), colours: new Uint8Array(300) });
    await library.replaceRelations('hall', [relation]);
    await library.replaceRelations('kitchen', [relation, { ...relation, toId: 'c' }]);

    await library.savePoints('kitchen/monday', cloud);
    await library.replaceRelations('kitchen', [{ ...relation, kind: 'on_top' }]);

    expect(await library.points('kitchen/monday')).toEqual(cloud);
    expect(await library.relations('kitchen')).toEqual([{ ...relation, environment: 'kitchen', kind: 'on_top' }]);
    await library.replaceRelations('kitchen', []);
    expect(await library.relations('kitchen')).toEqual([]);
    expect(await library.relations('hall')).toEqual([{ ...relation, environment: 'hall' }]);
  });
});

describe('objects', () => {
  test('are superseded, so that what was believed at a past time can be asked', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const before = anObject('kitchen', 'mug1', 0);
    const moved = anObject('kitchen', 'mug1', 2);
    const kettle = anObject('kitchen', 'kettle1', 1);
    await library.saveObjects([before, kettle], { reason: 'labelled', atMillis: 1_000 });
    await library.saveObjects([moved], { reason: 'seen elsewhere', atMillis: 2_000 });
    await library.removeObjects('kitchen', ['kettle1'], { reason: 'gone', atMillis: 3_000 });

    expect(await library.objects('kitchen')).toEqual([moved]);
    expect(await library.objects('kitchen', { asOfMillis: 999 })).toEqual([]);
    expect(await library.objects('kitchen', { asOfMillis: 1_999 })).toEqual([kettle, before]);
    expect(await library.objects('kitchen', { asOfMillis: 2_000 })).toEqual([kettle, moved]);
    expect(await library.objects('kitchen', { asOfMillis: 3_000 })).toEqual([moved]);
    expect(await library.objectHistory('kitchen', 'mug1')).toEqual([
      { object: before, validFromMillis: 1_000, validToMillis: 2_000, supersededReason: 'seen elsewhere' },
      { object: moved, validFromMillis: 2_000 },
    ]);
  });

  test('get no new version when nothing about them changed', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const mug = anObject('kitchen', 'mug1');
    await library.saveObjects([mug]);
    await library.saveObjects([{ ...mug }]);

    expect(await library.objectHistory('kitchen', 'mug1')).toHaveLength(1);
  });

  test('keep every version though the clock stands still or goes back', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    for (const [x, atMillis] of [
      [0, 5_000],
      [1, 5_000],
      [2, 4_000],
    ] as const) {
      await library.saveObjects([anObject('kitchen', 'mug1', x)], { reason: 'moved', atMillis });
    }

    const history = await library.objectHistory('kitchen', 'mug1');

    expect(history.map((version) => version.object.center[0])).toEqual([0, 1, 2]);
    expect(await library.objects('kitchen')).toEqual([anObject('kitchen', 'mug1', 2)]);
  });

  test('of one id in two environments are two objects', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    await library.saveObjects([anObject('kitchen', 'mug1', 0), anObject('hall', 'mug1', 1)]);
    await library.removeObjects('hall', ['mug1']);

    expect(await library.objects('kitchen')).toEqual([anObject('kitchen', 'mug1', 0)]);
    expect(await library.objects('hall')).toEqual([]);
  });
});

describe('a window on the library', () => {
  test('hears of every write until it stops listening', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const heard: LibraryChange[] = [];
    const stop = library.onChange((change) => heard.push(change));
    await library.saveSession(aSession('kitchen', 'monday'));
    await library.saveObjects([anObject('kitchen', 'mug1')]);
    stop();
    await library.saveSession(aSession('hall', 'monday'));

    expect(heard).toEqual([
      { what: 'sessions', environment: 'kitchen', sessionId: 'kitchen/monday' },
      { what: 'objects', environment: 'kitchen' },
    ]);
  });

  test('reads what another one writes, as soon as that is acknowledged', async () => {
    await using folder = await temporaryFolder();
    await using writer = await openLibrary(folder.path);
    await using reader = await openLibrary(folder.path, 'read');
    expect(await reader.frames('kitchen/monday')).toEqual([]);

    for (const from of [0, 5]) {
      await writer.appendFrames('kitchen/monday', someFrames(from, 5));
      expect(await reader.frames('kitchen/monday')).toEqual(someFrames(0, from + 5));
    }
    await writer.compact();
    expect(await reader.frames('kitchen/monday')).toEqual(someFrames(0, 10));
  });
});

describe('a long ingest', () => {
  test('stays complete through the upkeep that its many commits bring about', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const commits = 270;
    await library.appendFrames('kitchen/monday', someFrames(0, commits));
    for (let i = 0; i < commits; i += 1) {
      await library.saveKeyframes([aKeyframe('kitchen/monday', i)]);
    }
    await library.saveKeyframes([{ ...aKeyframe('kitchen/monday', 5), reason: 'label', jpeg: new Uint8Array([1]) }]);
    await library.compact();

    const keyframes = await library.keyframes('kitchen/monday');

    expect(keyframes.map((keyframe) => keyframe.index)).toEqual(Array.from({ length: commits }, (_, i) => i));
    expect(keyframes[5]?.reason).toBe('label');
    expect(await library.picture('kitchen/monday', keyframes[5]!.ptsMicros)).toEqual(new Uint8Array([1]));
    expect(await library.picture('kitchen/monday', keyframes[269]!.ptsMicros)).toEqual(
      aKeyframe('kitchen/monday', 269).jpeg,
    );
  });
});

describe('checkpoints', () => {
  test('are replaced as a whole, per session, and can be cleared', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    expect(await library.checkpoint('kitchen/monday')).toBeUndefined();
    await library.saveCheckpoint('kitchen/monday', new Uint8Array([1, 2, 3]));
    await library.saveCheckpoint('kitchen/tuesday', new Uint8Array([4]));
    await library.saveCheckpoint('kitchen/monday', new Uint8Array([5]));

    expect(Uint8Array.from((await library.checkpoint('kitchen/monday'))!)).toEqual(new Uint8Array([5]));
    await library.clearCheckpoint('kitchen/monday');
    expect(await library.checkpoint('kitchen/monday')).toBeUndefined();
    expect(await library.checkpoint('kitchen/tuesday')).toBeDefined();
  });
});
