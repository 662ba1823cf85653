import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loci } from '../fixtures/loci.ts';
import { makeRgbdFolder, temporaryFolder } from '../fixtures/recordings.ts';

const ingest = (path: string, library: string, ...more: string[]): ReturnType<typeof loci> =>
  loci('ingest', path, '--library', library, '--environment', 'room', '--json', ...more);

test('a recording through a lens is remembered as a pinhole’s, with the lens it came through', async () => {
  await using folder = await temporaryFolder();
  const library = join(folder.path, 'library');
  const { path, intrinsics } = await makeRgbdFolder(folder.path, { frames: 12 });
  const said = await ingest(path, library, '--distortion', 'brown-conrady:-0.1,0.01,0,0');
  expect(said.lines.at(-1)).toMatchObject({ type: 'summary', frames: 12, tracking: { lost: 0 } });
  const [session] = (await loci('sessions', '--library', library, '--json')).lines;
  expect(session).toMatchObject({
    lens: { intrinsics, distortion: { model: 'brown-conrady', k1: -0.1, k2: 0.01, k6: 0 } },
    intrinsics: { cx: intrinsics.cx, cy: intrinsics.cy, width: 160, height: 120 },
    intrinsicsKnown: true,
  });
  // A barrel shows more than a pinhole of its focal length; the rectified frame shows as much as fills it.
  expect((session!['intrinsics'] as { fx: number }).fx).toBeLessThan(intrinsics.fx);
});

test('a lens without a camera is refused with the option to give it', async () => {
  await using folder = await temporaryFolder();
  const { path } = await makeRgbdFolder(folder.path, { frames: 3, withDepth: false, withIntrinsics: false });
  const said = await ingest(path, join(folder.path, 'library'), '--distortion', 'kannala-brandt:0,0,0,0');
  expect(said.status).toBe(1);
  expect(said.stderr).toMatch(/--intrinsics/);
});

test.each(['thin-prism:1,2,3,4', 'brown-conrady:1,2,3', 'kannala-brandt:a,b,c,d'])(
  'coefficients that make no lens are a usage error: %s',
  async (text) => {
    await using folder = await temporaryFolder();
    const said = await ingest(folder.path, join(folder.path, 'library'), '--distortion', text);
    expect(said.status).toBe(2);
  },
);

test('a damaged camera file is refused by its name', async () => {
  await using folder = await temporaryFolder();
  const { path } = await makeRgbdFolder(folder.path, { frames: 2 });
  await writeFile(join(path, 'camera.json'), '{ "fx": 100, "fy": 100, "cx": 80 }');
  const said = await ingest(path, join(folder.path, 'library'));
  expect(said.stderr).toMatch(/camera\.json.*cy.*intrinsics-invalid/);
});
