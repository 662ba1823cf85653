import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodePoints, type PointCloud } from '../../app/contract/binary.ts';
import { loci, startLoci } from '../fixtures/loci.ts';
import { makeRgbdFolder, makeRoomVideo, temporaryFolder } from '../fixtures/recordings.ts';
import { openLibrary } from '../fixtures/stored-session.ts';

const size = { width: 320, height: 240 };

/** Distances between the first camera and later ones do not depend on the world frame. */
const travelled = (positions: readonly (readonly number[])[]): number[] =>
  positions.map((p) => Math.hypot(...[0, 1, 2].map((axis) => p[axis]! - positions[0]![axis]!)));

describe('a recording with depth', () => {
  it('becomes a session whose exported trajectory is the true one', async () => {
    await using folder = await temporaryFolder();
    const { path, frames } = await makeRgbdFolder(folder.path, { ...size, frames: 40 });
    const library = join(folder.path, 'library');
    const place = ['--library', library, '--environment', 'room', '--json'];

    const ingested = await loci('ingest', path, ...place);
    expect(ingested.stderr).toBe('');
    expect(ingested.status).toBe(0);
    const summary = ingested.lines.at(-1)!;
    expect(summary).toMatchObject({ type: 'summary', session: 'room/room', frames: 40, scale: 'metric' });
    expect(summary['tracking']).toEqual({ tracked: 40, lost: 0 });
    expect(Object.keys(summary).sort()).toEqual(
      [
        ...['type', 'session', 'frames', 'keyframes', 'durationSeconds', 'elapsedSeconds', 'framesPerSecond'],
        ...['peakRssBytes', 'tracking', 'scale'],
      ].sort(),
    );

    const out = join(folder.path, 'trajectory.txt');
    expect((await loci('export', 'trajectory', ...place, '--out', out)).status).toBe(0);
    const lines = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    expect(lines.map(([time]) => time)).toEqual(frames.map((_, i) => Number((i / 30).toFixed(6))));
    const truth = travelled(frames.map(({ worldFromCamera: p }) => [p[3]!, p[7]!, p[11]!]));
    travelled(lines.map((line) => line.slice(1, 4))).forEach((distance, i) => {
      expect(Math.abs(distance - truth[i]!)).toBeLessThan(0.02);
    });

    const keyframes = await loci('keyframes', ...place);
    expect(keyframes.lines.length).toBe(summary['keyframes']);
    const sessions = await loci('sessions', ...place);
    expect(sessions.lines).toHaveLength(1);
    expect(sessions.lines[0]).toMatchObject({ id: 'room/room', status: 'complete', frames: 40 });

    const points = join(folder.path, 'points.ply');
    expect((await loci('export', 'points', ...place, '--format', 'ply', '--out', points)).status).toBe(0);
    expect((await readFile(points)).subarray(0, 3).toString()).toBe('ply');
  });

  it('is not read twice: the same command repeats the summary', async () => {
    await using folder = await temporaryFolder();
    const { path } = await makeRgbdFolder(folder.path, { ...size, frames: 12 });
    const place = ['--library', join(folder.path, 'library'), '--environment', 'room', '--json'];
    await loci('ingest', path, ...place);
    const again = await loci('ingest', path, ...place);
    expect(again.status).toBe(0);
    expect(again.lines).toHaveLength(1);
    expect(again.lines[0]).toMatchObject({ type: 'summary', frames: 12 });
  });

  it('is refused under the name of another recording', async () => {
    await using folder = await temporaryFolder();
    const one = await makeRgbdFolder(folder.path, { ...size, frames: 5, name: 'one' });
    const two = await makeRgbdFolder(folder.path, { ...size, frames: 6, name: 'two' });
    const place = ['--library', join(folder.path, 'library'), '--environment', 'room', '--session', 'monday', '--json'];
    await loci('ingest', one.path, ...place);
    const refused = await loci('ingest', two.path, ...place);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/session-exists.*--session/s);
  });
});

describe('a plain video', () => {
  it('is tracked up to scale, and in metres when the height of the camera is known', async () => {
    await using folder = await temporaryFolder();
    const { path, frames, intrinsics } = await makeRoomVideo(folder.path, { ...size, frames: 90 });
    const library = join(folder.path, 'library');
    const { fx, fy, cx, cy } = intrinsics;
    const options = ['--library', library, '--intrinsics', [fx, fy, cx, cy].join(','), '--json'];

    const plain = await loci('ingest', path, ...options, '--environment', 'plain');
    expect(plain.status).toBe(0);
    expect(plain.lines.at(-1)).toMatchObject({ frames: 90, scale: 'arbitrary' });

    const measured = await loci('ingest', path, ...options, '--environment', 'measured', '--camera-height', '1.4');
    expect(measured.lines.at(-1)).toMatchObject({ frames: 90, scale: 'metric' });
    const out = join(folder.path, 'measured.txt');
    await loci('export', 'trajectory', ...options.slice(0, 2), '--environment', 'measured', '--out', out);
    const lines = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    const path3d = (positions: readonly (readonly number[])[]): number => travelled(positions).at(-1)!;
    const first = Math.round(lines[0]![0]! * 30);
    const truth = path3d(frames.slice(first).map(({ worldFromCamera: p }) => [p[3]!, p[7]!, p[11]!]));
    expect(path3d(lines.map((line) => line.slice(1, 4))) / truth).toBeCloseTo(1, 0.7);
  });
});

describe('a video of an unknown camera', () => {
  it('tells its focal length itself, which the session keeps and the warning names', async () => {
    await using folder = await temporaryFolder();
    const { path, intrinsics } = await makeRoomVideo(folder.path, { ...size, frames: 90 });
    const place = ['--library', join(folder.path, 'library'), '--json'];

    const ingested = await loci('ingest', path, ...place, '--environment', 'room');
    expect(ingested.status).toBe(0);
    const [session] = (await loci('sessions', ...place)).lines;
    const found = session!['intrinsics'] as { readonly fx: number };
    expect(session).toMatchObject({ intrinsicsKnown: false, focalSigmaPixels: expect.any(Number) as unknown });
    expect(Math.abs(found.fx / intrinsics.fx - 1)).toBeLessThan(0.05);
    const warning = ingested.lines.find(({ type }) => type === 'warning')?.['warning'];
    expect(warning).toMatchObject({ code: 'intrinsics-missing' });
    expect((warning as { readonly message: string }).message).toContain(`${found.fx.toFixed(0)} pixels ±`);
  });
});

describe('an ingest that is killed', () => {
  it('keeps every acknowledged frame and goes on with the same command', async () => {
    await using folder = await temporaryFolder();
    const { path } = await makeRgbdFolder(folder.path, { width: 160, height: 120, frames: 400 });
    const library = join(folder.path, 'library');
    const command = ['ingest', path, '--library', library, '--environment', 'room'];

    const running = startLoci(...command);
    const progress = await running.line(({ type, frames }) => type === 'progress' && Number(frames) >= 100);
    await running.end('SIGKILL');

    const [session] = (await loci('sessions', '--library', library, '--json')).lines;
    expect(session).toMatchObject({ status: 'ingesting' });
    expect(Number(session!['frames'])).toBeGreaterThanOrEqual(Number(progress['frames']));

    const resumed = await loci(...command, '--json');
    expect(resumed.lines[0]).toMatchObject({ type: 'started' });
    expect(Number(resumed.lines[0]!['resumedAtPtsMicros'])).toBeGreaterThanOrEqual(Number(progress['ptsMicros']));
    expect(resumed.lines.at(-1)).toMatchObject({ type: 'summary', frames: 400, tracking: { tracked: 400, lost: 0 } });

    // Nothing twice, nothing missing, and the same trajectory as without the interruption.
    const other = join(folder.path, 'uninterrupted');
    await loci('ingest', path, '--library', other, '--environment', 'room', '--json');
    const trajectory = async (of: string): Promise<string> =>
      (await loci('export', 'trajectory', '--library', of, '--environment', 'room', '--out', '-')).stdout;
    const [cut, whole] = [await trajectory(library), await trajectory(other)];
    expect(cut.trim().split('\n')).toHaveLength(400);
    expect(cut).toBe(whole);

    // And the same map, point by point.
    const map = async (of: string): Promise<PointCloud | undefined> => {
      await using opened = await openLibrary(of, 'read');
      return await opened.points('room/room');
    };
    const [cutMap, wholeMap] = [await map(library), await map(other)];
    expect(wholeMap!.positions.length / 3).toBeGreaterThan(10_000);
    expect(cutMap!.positions.length).toBe(wholeMap!.positions.length);
    expect(encodePoints(cutMap!)).toEqual(encodePoints(wholeMap!));
  });
});
