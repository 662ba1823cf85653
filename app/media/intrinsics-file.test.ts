import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/fixtures/recordings.ts';
import { depthIntrinsicsOf, intrinsicsOf } from './intrinsics-file.ts';

const size = { width: 640, height: 480 };
const name = 'camera-intrinsics.txt';

test('a 3×3 matrix is the camera of images of the recording’s size', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, name), '525 0 319.5\n0 520.5 239.5\n0 0 1\n');
  expect(await intrinsicsOf(folder.path, [name], undefined, size)).toEqual({
    ok: true,
    value: { fx: 525, fy: 520.5, cx: 319.5, cy: 239.5, ...size },
  });
});

test('a camera that was given wins over the file', async () => {
  const given = { fx: 500, fy: 500, cx: 320, cy: 240 };
  expect(await intrinsicsOf('/nowhere', [name], given, size)).toMatchObject({ value: { fx: 500 } });
  expect(await depthIntrinsicsOf('/nowhere', ['camera-intrinsics-depth.txt'], given, size)).toMatchObject({
    value: { fx: 500 },
  });
});

test.each([
  ['too few numbers', '525 0 320\n0 525 240\n'],
  ['a focal length of zero', '0 0 320\n0 525 240\n0 0 1\n'],
  ['something that is no number', '525 0 nan\n0 525 240\n0 0 1\n'],
])('a matrix with %s is refused, naming the file', async (_, text) => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, name), text);
  const result = await intrinsicsOf(folder.path, [name], undefined, size);
  expect(result).toMatchObject({ ok: false, error: { code: 'intrinsics-invalid', file: join(folder.path, name) } });
});

test('an Open3D camera of another size is scaled to the images', async () => {
  await using folder = await temporaryFolder();
  const camera = { width: 1280, height: 960, intrinsic_matrix: [1050, 0, 0, 0, 1050, 0, 639.5, 479.5, 1] };
  await writeFile(join(folder.path, 'camera_primesense.json'), JSON.stringify({ intrinsic: camera }));
  expect(await intrinsicsOf(folder.path, ['camera_primesense.json'], undefined, size)).toEqual({
    ok: true,
    value: { fx: 525, fy: 525, cx: 319.5, cy: 239.5, ...size },
  });
});

test('a folder without any camera file has no intrinsics', async () => {
  expect(await intrinsicsOf('/nowhere', ['notes.json'], undefined, size)).toEqual({ ok: true, value: undefined });
});
