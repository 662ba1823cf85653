import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cameraPathSchema, projectionManifestSchema, type ProjectionManifest } from '../../app/contract/projection.ts';
import { loci, startLoci, type Said } from '../fixtures/loci.ts';
import { makeRgbdFolder, probedPtsMicros, rawPixels, temporaryFolder, type Recording } from '../fixtures/recordings.ts';

// A rendered room is recorded, ingested with its true poses, and projected; the videos are read back with FFmpeg.

const run = promisify(execFile);
const [width, height, frames] = [160, 120, 90];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let recording: Recording;
let place: string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  recording = await makeRgbdFolder(folder.path, { width, height, frames });
  place = ['--library', join(folder.path, 'library'), '--environment', 'room'];
  const said = await loci('ingest', recording.path, ...place, '--poses', 'recorded', '--json');
  expect(said.lines.at(-1)).toMatchObject({ type: 'summary', frames });
});

afterAll(() => folder[Symbol.asyncDispose]());

const out = (name: string): string => join(folder.path, name);
const project = (name: string, ...args: readonly string[]): Promise<Said> =>
  loci('project', ...place, '--out', out(name), ...args);

const manifestOf = (name: string): ProjectionManifest =>
  projectionManifestSchema.parse(JSON.parse(readFileSync(join(out(name), 'manifest.json'), 'utf8')));

const streamOf = async (file: string): Promise<Record<string, unknown>> => {
  const wanted = 'stream=codec_name,width,height,pix_fmt,r_frame_rate,color_space';
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', wanted, '-of', 'json', file]);
  return (JSON.parse(stdout) as { streams: Record<string, unknown>[] }).streams[0]!;
};

const writePath = async (name: string, content: unknown): Promise<string> => {
  const file = join(folder.path, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('the recorded path of a session', () => {
  beforeAll(async () => {
    const said = await project('recorded', '--recorded', '--blend', '--closed-loop', '--json');
    expect(said.stderr).toBe('');
    expect(said.lines.map(({ type }) => type).filter((type) => type !== 'progress')).toEqual(['started', 'summary']);
    expect(said.lines.at(-1)).toMatchObject({ frames: 2 * frames - 1, out: out('recorded') });
  });

  it('is three videos of as many frames, at their times', async () => {
    const { files } = manifestOf('recorded');
    const size = { width, height, r_frame_rate: '30/1' };
    expect(await streamOf(join(out('recorded'), files.colour))).toMatchObject({
      ...size,
      ...{ codec_name: 'h264', pix_fmt: 'yuv420p', color_space: 'bt709' },
    });
    expect(await streamOf(join(out('recorded'), files.depth))).toMatchObject({
      ...size,
      ...{ codec_name: 'ffv1', pix_fmt: 'gray16le' },
    });
    expect(await streamOf(join(out('recorded'), files.visibility))).toMatchObject({ ...size, codec_name: 'h264' });
    for (const file of [files.colour, files.depth, files.visibility]) {
      const times = await probedPtsMicros(join(out('recorded'), file));
      expect(times).toHaveLength(2 * frames - 1);
      expect(Math.abs(times.at(-1)! - ((2 * frames - 2) * 1e6) / 30)).toBeLessThan(1_000);
    }
  });

  it('has the depth that the room has, to the millimetre unit that the manifest names', async () => {
    const { files, metresPerDepthUnit } = manifestOf('recorded');
    expect(metresPerDepthUnit).toBe(0.001);
    const bytes = await rawPixels(join(out('recorded'), files.depth), 'gray16le', 'select=eq(n\\,45)');
    const depth = new Uint16Array(bytes.buffer, bytes.byteOffset, width * height);
    const truth = recording.frames[45]!.depthMillimetres;
    const errors = Array.from(depth.keys())
      .filter((i) => depth[i] !== 0)
      .map((i) => Math.abs(depth[i]! - truth[i]!))
      .sort((a, b) => a - b);
    expect(errors.length).toBeGreaterThan(0.6 * width * height);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(15);
  });

  it('shows as visible what has a depth', async () => {
    const { files, knownShare } = manifestOf('recorded');
    const bytes = await rawPixels(join(out('recorded'), files.depth), 'gray16le');
    const depth = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    const visibility = await rawPixels(join(out('recorded'), files.visibility), 'rgb24');
    expect(visibility.length).toBe(3 * depth.length);
    const agree = depth.filter((value, i) => (value === 0) === visibility[3 * i]! < 128).length;
    expect(agree / depth.length).toBeGreaterThan(0.98);
    expect(depth.filter((value) => value > 0).length / depth.length).toBeCloseTo(knownShare, 6);
  });

  it('keeps the poses, as a path that can be given again', async () => {
    const path = cameraPathSchema.parse(JSON.parse(readFileSync(join(out('recorded'), 'path.json'), 'utf8')));
    expect(path.keyPoses).toHaveLength(2 * frames - 1);
    expect(path.intrinsics).toMatchObject({ width, height });
    expect(path.keyPoses.at(-1)).toMatchObject({
      worldFromCamera: (path.keyPoses[0] as { worldFromCamera: unknown }).worldFromCamera,
    });
    const said = await project('again', '--path', join(out('recorded'), 'path.json'), '--json');
    expect(said.lines.at(-1)).toMatchObject({ type: 'summary', frames: 2 * frames - 1 });
    const [first, again] = await Promise.all(
      ['recorded', 'again'].map((name) => rawPixels(join(out(name), 'depth.mkv'), 'gray16le', 'select=eq(n\\,5)')),
    );
    const differing = first!.filter((value, i) => Math.abs(value - again![i]!) > 1).length;
    expect(differing / first!.length).toBeLessThan(0.01);
  });

  it('brings reference pictures as they were recorded, at most one for a frame', async () => {
    const { references } = manifestOf('recorded');
    expect(references.pictures.length).toBeGreaterThan(0);
    for (const picture of references.pictures) {
      const { size } = await stat(join(out('recorded'), picture.file));
      expect(size).toBeGreaterThan(1000);
      expect(picture.worldFromCamera).toHaveLength(16);
    }
    for (const { firstFrame, lastFrame, assignments } of references.stretches) {
      expect(assignments.length).toBeLessThanOrEqual(7);
      expect(new Set(assignments.map(({ ptsMicros }) => ptsMicros)).size).toBe(assignments.length);
      for (const { frame, overlap } of assignments) {
        expect(frame).toBeGreaterThanOrEqual(firstFrame);
        expect(frame).toBeLessThanOrEqual(lastFrame);
        expect(overlap).toBeGreaterThanOrEqual(references.minOverlap);
      }
    }
  });

  it('comes back to its first view, which the recording shows alike', () => {
    const { closedLoop, references } = manifestOf('recorded');
    expect(closedLoop!.againstFirstFrame.psnrDecibels).toBeGreaterThan(30);
    expect(closedLoop!.againstFirstFrame.ssim).toBeGreaterThan(0.9);
    const { ptsMicros, psnrDecibels } = closedLoop!.againstRecording!;
    expect(psnrDecibels).toBeGreaterThan(18);
    // What it is compared with must not have been painted in.
    expect(references.pictures.map((picture) => picture.ptsMicros)).not.toContain(ptsMicros);
  });
});

describe('a path of key poses', () => {
  it('is followed evenly for as long as it says, in the size and at the rate that is asked for', async () => {
    const [x = 0, y = 0, z = 0] = [3, 7, 11].map((i) => recording.frames[0]!.worldFromCamera[i]);
    const keyPoses = [0, 0.1, 0.3].map((step) => ({ position: [x + step, y, z], lookAt: [x, y + 3, z - 0.2] }));
    const file = await writePath('path.json', { version: 1, durationSeconds: 1, keyPoses });
    const said = await project('keys', '--path', file, '--size', '96x64', '--fps', '20');
    expect(said.stderr).toBe('');
    expect(said.stdout).toMatch(/20 frames of 1\.0 s/);
    expect(await streamOf(join(out('keys'), 'colour.mp4'))).toMatchObject({
      width: 96,
      height: 64,
      r_frame_rate: '20/1',
    });
  });

  it.each([
    ['no JSON', '{ "version": 1, "keyPoses": [NaN] }', /not valid JSON/],
    ['one pose', { version: 1, keyPoses: [{ position: [0, 0, 0], lookAt: [0, 1, 0] }] }, /keyPoses: .*two key poses/],
  ])('is refused with %s', async (_, content, message) => {
    const said = await project('refused', '--path', await writePath('bad.json', content));
    expect(said).toMatchObject({ status: 1, stdout: '' });
    expect(said.stderr).toMatch(/path-invalid/);
    expect(said.stderr).toMatch(message);
    expect(await readdir(folder.path)).not.toContain('refused');
  });
});

describe('what is refused', () => {
  it('is a folder that is there, unless it is a projection and is to be replaced', async () => {
    await mkdir(out('photos'));
    await writeFile(join(out('photos'), 'holiday.jpg'), '');
    const kept = await project('photos', '--recorded', '--force');
    expect(kept.status).toBe(1);
    expect(kept.stderr).toMatch(/output-exists/);
    expect(await readdir(out('photos'))).toEqual(['holiday.jpg']);
    const short = ['--recorded', '--to', '0.2'];
    expect((await project('short', ...short)).status).toBe(0);
    expect((await project('short', ...short)).stderr).toMatch(/--force/);
    expect((await project('short', ...short, '--force')).status).toBe(0);
  });

  it('is a place that cannot be written, a part without frames, and two paths at once', async () => {
    const file = await writePath('file', '');
    expect((await project('file/inside', '--recorded')).stderr).toMatch(/output-unwritable/);
    expect(readFileSync(file, 'utf8')).toBe('');
    expect((await project('late', '--recorded', '--from', '100')).stderr).toMatch(/path-invalid/);
    expect(await project('both', '--recorded', '--path', file)).toMatchObject({ status: 2 });
    expect(await project('odd', '--recorded', '--size', '33x20')).toMatchObject({ status: 2 });
  });
});

it('leaves nothing half-written when it is ended on the way', async () => {
  const running = startLoci(
    'project',
    ...place,
    '--recorded',
    '--fps',
    '240',
    '--size',
    '1280x960',
    '--out',
    out('cut'),
  );
  await running.line(({ type }) => type === 'progress');
  await running.end('SIGTERM');
  expect(running.child.exitCode).toBe(1);
  expect((await readdir(folder.path)).filter((name) => name.startsWith('cut'))).toEqual([]);
});
