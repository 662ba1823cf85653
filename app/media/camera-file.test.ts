import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/fixtures/recordings.ts';
import { cameraOf, depthIntrinsicsOf } from './camera-file.ts';

const size = { width: 640, height: 480 };
const name = 'camera-intrinsics.txt';

test('a 3×3 matrix is the camera of images of the recording’s size', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, name), '525 0 319.5\n0 520.5 239.5\n0 0 1\n');
  expect(await cameraOf(folder.path, [name], {}, size)).toMatchObject({
    ok: true,
    value: { intrinsics: { fx: 525, fy: 520.5, cx: 319.5, cy: 239.5, ...size } },
  });
});

test('a camera that was given wins over the file', async () => {
  const given = { fx: 500, fy: 500, cx: 320, cy: 240 };
  expect(await cameraOf('/nowhere', [name], { intrinsics: given }, size)).toMatchObject({
    value: { intrinsics: { fx: 500 } },
  });
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
  const result = await cameraOf(folder.path, [name], {}, size);
  expect(result).toMatchObject({ ok: false, error: { code: 'intrinsics-invalid', file: join(folder.path, name) } });
});

test('an Open3D camera of another size is scaled to the images', async () => {
  await using folder = await temporaryFolder();
  const camera = { width: 1280, height: 960, intrinsic_matrix: [1050, 0, 0, 0, 1050, 0, 639.5, 479.5, 1] };
  await writeFile(join(folder.path, 'camera_primesense.json'), JSON.stringify({ intrinsic: camera }));
  expect(await cameraOf(folder.path, ['camera_primesense.json'], {}, size)).toMatchObject({
    ok: true,
    value: { intrinsics: { fx: 525, fy: 525, cx: 319.5, cy: 239.5, ...size } },
  });
});

test('a folder without any camera file has no intrinsics', async () => {
  expect(await cameraOf('/nowhere', ['notes.json'], {}, size)).toEqual({ ok: true, value: {} });
});

test('Loci’s own file beside a video brings the lens along', async () => {
  await using folder = await temporaryFolder();
  const camera = { width: 1280, height: 960, fx: 700, fy: 700, cx: 639.5, cy: 479.5 };
  const distortion = { model: 'kannala-brandt', k1: -0.02, k2: 0.004, k3: -0.003, k4: 0.0005 };
  await writeFile(join(folder.path, 'walk.camera.json'), JSON.stringify({ ...camera, distortion }));
  expect(await cameraOf(join(folder.path, 'walk.mp4'), [], {}, size)).toMatchObject({
    ok: true,
    value: { intrinsics: { fx: 350, fy: 350, cx: 319.5, cy: 239.5, ...size }, distortion },
  });
});

const rosCamera = `image_width: 640
image_height: 480
camera_name: head
camera_matrix:
  rows: 3
  cols: 3
  data: [430.2, 0, 306.9, 0, 430.5, 227.2, 0, 0, 1]
distortion_model: plumb_bob
distortion_coefficients:
  rows: 1
  cols: 5
  data: [-0.337, 0.111, -0.0006, 0.0018, 0.0]
`;

const opencvCamera = `%YAML:1.0
---
image_width: 640
image_height: 480
camera_matrix: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: [ 4.302e+02, 0., 306.9, 0., 430.5,
       227.2, 0., 0., 1. ]
distortion_coefficients: !!opencv-matrix
   rows: 5
   cols: 1
   dt: d
   data: [ -0.337, 0.111, -0.0006, 0.0018, 0. ]
`;

test.each([
  ['ROS', rosCamera],
  ['OpenCV', opencvCamera],
])('a calibration as %s writes it is read with its distortion', async (_, text) => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'camera.yaml'), text);
  expect(await cameraOf(folder.path, ['camera.yaml'], {}, size)).toMatchObject({
    value: {
      intrinsics: { fx: 430.2, fy: 430.5, cx: 306.9, cy: 227.2 },
      distortion: { model: 'brown-conrady', k1: -0.337, k2: 0.111, p1: -0.0006, p2: 0.0018, k3: 0, k4: 0 },
    },
  });
});

test('a calibration of a lens that Loci does not model is refused by the name of its model', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'camera.yaml'), rosCamera.replace('plumb_bob', 'omnidirectional'));
  const result = await cameraOf(folder.path, ['camera.yaml'], {}, size);
  expect(result).toMatchObject({ error: { code: 'intrinsics-invalid' } });
  expect(!result.ok && result.error.message).toContain('omnidirectional');
});
