import { describe, expect, it } from 'vitest';
import { identityPose } from '../geometry/pose.ts';
import { aSession, anObject, openLibrary, someFrames, temporaryFolder } from '../../test/fixtures/stored-session.ts';

const doubled = () =>
  ({ kind: 'scale', world: 'home/monday', change: { metresPerUnit: 2, pose: identityPose } }) as const;

describe('the edit log', () => {
  it('keeps what was undone until something else is done', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const { edits } = library;
    const states = async () =>
      (await edits.history('home')).map(({ summary, undone, redoable }) => [summary, undone, redoable]);
    await edits.add('home', doubled, 'first');
    await edits.add('home', doubled, 'second');
    expect(await edits.undo('home')).toMatchObject({ summary: 'second', undone: true, redoable: true });
    expect(await edits.undo('home')).toMatchObject({ summary: 'first' });
    expect(await edits.undo('home')).toBeUndefined();
    expect(await edits.redo('home')).toMatchObject({ summary: 'first', undone: false });
    await edits.add('home', doubled, 'third');
    expect(await edits.redo('home')).toBeUndefined();
    expect(await states()).toEqual([
      ['first', false, false],
      ['second', true, false],
      ['third', false, false],
    ]);
    expect(await edits.history('elsewhere')).toEqual([]);
  });

  it('numbers steps that come at the same time one after the other', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    await Promise.all(Array.from({ length: 8 }, (_, i) => library.edits.add('home', doubled, `step ${i}`)));
    expect((await library.edits.history('home')).map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('changes what is read and nothing that is stored, whoever writes meanwhile', async () => {
    await using folder = await temporaryFolder();
    await using library = await openLibrary(folder.path);
    const monday = aSession('home', 'monday', { scale: 'arbitrary', status: 'complete' });
    const tuesday = aSession('home', 'tuesday');
    await library.saveSession(monday);
    await library.saveSession(tuesday);
    await library.appendFrames(monday.id, someFrames(0, 4));
    await library.saveObjects([{ ...anObject('home', 'mug1', 1), scale: 'arbitrary' }]);
    const before = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await library.edits.add('home', doubled, 'twice as large');

    const session = async () => {
      const found = await library.session(monday.id);
      return found.ok ? found.value : undefined;
    };
    expect(await session()).toMatchObject({ scale: 'metric', worldFromTracked: { metresPerUnit: 2 } });
    expect((await library.frame(monday.id, 100_000))?.worldFromCamera?.[3]).toBeCloseTo(0.06, 12);
    expect(await library.objects('home')).toMatchObject([
      { center: [2, 0, 0.5], axesLengths: [1, 1, 1], scale: 'metric' },
    ]);
    expect(await library.objects('home', { asOfMillis: before })).toMatchObject([
      { center: [1, 0, 0.25], scale: 'arbitrary' },
    ]);
    expect((await library.sessions('home')).find(({ id }) => id === tuesday.id)).toEqual(tuesday);

    // Labels are lifted and counted again while the edit is in force: what they say is in the world as it is shown.
    await library.saveSession({ ...(await session())!, keyframes: 7 });
    await library.saveObjects([{ ...anObject('home', 'mug1', 5), scale: 'metric' }]);
    expect(await library.derivedObjects('home')).toMatchObject([{ center: [5, 0, 0.25], scale: 'metric' }]);
    await library.edits.undo('home');
    expect(await session()).toEqual({ ...monday, keyframes: 7 });
    expect(await library.objects('home')).toMatchObject([{ center: [2.5, 0, 0.125], scale: 'arbitrary' }]);
  });
});
