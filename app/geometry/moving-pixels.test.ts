import { describe, expect, it } from 'vitest';
import { lookFrom, renderRoom, type Thing } from '../../test/fixtures/textured-room.ts';
import type { Intrinsics, Pose } from '../contract/geometry.ts';
import type { ByteImage } from '../media/frame.ts';
import { MovingPixels } from './moving-pixels.ts';

const intrinsics: Intrinsics = { fx: 140, fy: 140, cx: 79.5, cy: 59.5, width: 160, height: 120 };
const cameras = { intrinsics };

/** Swaying a little, as a hand does. */
const cameraAt = (i: number): Pose =>
  lookFrom([0.06 * Math.sin(i), -1.6, 0.03 * Math.cos(i)], 0.04 * Math.sin(2 * i), 0.2);

const boxAt = (x: number): Thing => ({ min: [x - 0.25, 0.7, -1.3], max: [x + 0.25, 1.1, 0.4] });

const find = (moving: MovingPixels, i: number, things: readonly Thing[]) =>
  moving.find({ ptsMicros: i, depth: renderRoom(cameraAt(i), intrinsics, things).depth, worldFromCamera: cameraAt(i) });

/** Shares of the thing that are masked, and of the rest. */
const masked = (mask: ByteImage | undefined, i: number, things: readonly Thing[]): { thing: number; rest: number } => {
  const { width, height, data } = renderRoom(cameraAt(i), intrinsics, things).depth;
  const empty = renderRoom(cameraAt(i), intrinsics).depth.data;
  const counts = { thing: 0, thingMasked: 0, rest: 0, restMasked: 0 };
  data.forEach((millimetres, pixel) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const isMasked =
      mask !== undefined &&
      mask.data[Math.floor((y * mask.height) / height) * mask.width + Math.floor((x * mask.width) / width)] === 255;
    const what = millimetres === empty[pixel] ? 'rest' : 'thing';
    counts[what]++;
    counts[`${what}Masked`] += Number(isMasked);
  });
  return { thing: counts.thingMasked / counts.thing, rest: counts.restMasked / counts.rest };
};

describe('what moves', () => {
  it('is nothing in a room that stands still, however the camera sways', async () => {
    const moving = new MovingPixels(cameras);
    for (let i = 0; i < 12; i++) {
      expect(await find(moving, i, [boxAt(0.3)])).toBeUndefined();
    }
  });

  it('is a box that walks through the room, and little besides', async () => {
    const moving = new MovingPixels(cameras);
    const places = Array.from({ length: 9 }, (_, i) => [boxAt(-1.2 + 0.3 * i)]);
    for (const [i, things] of places.entries()) {
      const mask = await find(moving, i, things);
      if (i >= 3) {
        const { thing, rest } = masked(mask, i, things);
        expect(thing).toBeGreaterThan(0.9);
        // A rim of two pixels, of the 80 that the mask has in a row here.
        expect(rest).toBeLessThan(0.1);
      }
    }
  });

  it('is a chair that was moved, until it has stood in its new place for a while', async () => {
    const moving = new MovingPixels(cameras);
    const shares: number[] = [];
    for (let i = 0; i < 16; i++) {
      const things = [boxAt(i < 8 ? -0.9 : 0.6)];
      shares.push(masked(await find(moving, i, things), i, things).thing);
    }
    expect(shares[7]).toBe(0);
    expect(shares[8]).toBeGreaterThan(0.9);
    expect(shares.slice(-3)).toEqual([0, 0, 0]);
  });

  it('is nothing when everything seems to, since then pose or depth is wrong', async () => {
    const moving = new MovingPixels(cameras);
    for (let i = 0; i < 6; i++) {
      await find(moving, i, []);
    }
    const { depth } = renderRoom(cameraAt(6), intrinsics);
    const halved = { ...depth, data: depth.data.map((millimetres) => millimetres / 2) };
    expect(await moving.find({ ptsMicros: 6, depth: halved, worldFromCamera: cameraAt(6) })).toBeUndefined();
  });

  it('goes on alike from its references', async () => {
    const moving = new MovingPixels(cameras);
    const again = new MovingPixels(cameras);
    for (let i = 0; i < 8; i++) {
      await find(moving, i, [boxAt(-1.2 + 0.3 * i)]);
    }
    for (const reference of moving.references) {
      const i = reference.ptsMicros;
      const { depth } = renderRoom(cameraAt(i), intrinsics, [boxAt(-1.2 + 0.3 * i)]);
      again.remember({ ...reference, depth });
    }
    const next = await find(moving, 8, [boxAt(1.2)]);
    expect(next).toBeDefined();
    expect(await find(again, 8, [boxAt(1.2)])).toEqual(next);
  });
});
