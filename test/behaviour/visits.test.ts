import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loci } from '../fixtures/loci.ts';
import { makeRgbdFolder, temporaryFolder } from '../fixtures/recordings.ts';

const size = { width: 320, height: 240, frames: 50 };

type Position = readonly [number, number, number];

const positionOf = (pose: readonly number[]): Position => [pose[3]!, pose[7]!, pose[11]!];

const distance = (a: Position, b: Position): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Turns a pose half a turn about the vertical through the middle of the room: what it sees is the opposite wall. */
const opposite = (pose: readonly number[]): number[] => pose.map((value, i) => (i < 8 ? -value : value));

describe('two visits of one place', () => {
  const visitTwice = async (folder: string, poses: (first: readonly (readonly number[])[]) => readonly number[][]) => {
    const first = await makeRgbdFolder(folder, { ...size, name: 'monday' });
    const second = await makeRgbdFolder(folder, {
      ...size,
      name: 'tuesday',
      poses: poses(first.frames.map(({ worldFromCamera }) => worldFromCamera)),
    });
    const place = ['--library', join(folder, 'library'), '--environment', 'room'];
    for (const { path } of [first, second]) {
      expect((await loci('ingest', path, ...place)).status).toBe(0);
    }
    const sessions = (await loci('sessions', ...place, '--json')).lines;
    const positions = async (session: string): Promise<Position[]> => {
      const { stdout } = await loci('export', 'trajectory', ...place, '--session', session, '--out', '-');
      const lines = stdout.trim().split('\n');
      return lines.map((line) => line.split(' ').slice(1, 4).map(Number) as unknown as Position);
    };
    return { first, second, sessions, positions };
  };

  it('share the world of the first, so that it can be measured from one to the other', async () => {
    await using folder = await temporaryFolder();
    // Tuesday begins where Monday ended, a hand's breadth aside, and goes back.
    const { first, second, sessions, positions } = await visitTwice(folder.path, (walk) =>
      walk.toReversed().map((pose) => pose.map((value, i) => (i === 3 ? value + 0.1 : value))),
    );

    expect(sessions[0]).not.toHaveProperty('sharesWorldOf');
    expect(sessions[1]).toMatchObject({ id: 'room/tuesday', sharesWorldOf: 'room/monday', scale: 'metric' });
    const [monday, tuesday] = [await positions('monday'), await positions('tuesday')];
    const truth = [first, second].map(({ frames }) => frames.map((frame) => positionOf(frame.worldFromCamera)));
    for (const [i, j] of [
      [0, 0],
      [0, 49],
      [25, 10],
      [49, 49],
    ] as const) {
      const found = distance(monday[i]!, tuesday[j]!);
      expect(Math.abs(found - distance(truth[0]![i]!, truth[1]![j]!))).toBeLessThan(0.03);
    }
  });

  it('keep worlds of their own when they show nothing in common, and say so', async () => {
    await using folder = await temporaryFolder();
    const { sessions } = await visitTwice(folder.path, (walk) => walk.map(opposite));

    expect(sessions[1]).not.toHaveProperty('sharesWorldOf');
    expect(sessions[1]!['warnings']).toEqual([expect.objectContaining({ code: 'place-not-recognised' })]);
  });
});
