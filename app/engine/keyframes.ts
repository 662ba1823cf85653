import { readFile } from 'node:fs/promises';
import { keyframeId, type KeyframeReason } from '../contract/session.ts';
import { encodeDepthPng, encodeJpeg, encodeMaskPng } from '../media/encode.ts';
import type { ByteImage, Frame } from '../media/frame.ts';
import type { StoredKeyframe } from '../memory/library.ts';

/** A frame with its pictures packed for the library. */
export const encodeKeyframe = async (
  sessionId: string,
  frame: Frame,
  reason: KeyframeReason,
  descriptor: Float32Array,
  moving?: Promise<ByteImage | undefined>,
): Promise<StoredKeyframe> => {
  const { ptsMicros, index, image, depth, files } = frame;
  const mask = await moving;
  const [jpeg, depthPng, maskPng] = await Promise.all([
    files?.jpeg === undefined ? encodeJpeg(image) : readFile(files.jpeg),
    depth && (files?.depthPng === undefined ? encodeDepthPng(depth) : readFile(files.depthPng)),
    mask && encodeMaskPng(mask),
  ]);
  return {
    id: keyframeId(sessionId, ptsMicros),
    sessionId,
    ptsMicros,
    index,
    reason,
    hasDepth: depth !== undefined,
    jpeg,
    ...(depth && depthPng && { depthPng, depthMetresPerUnit: depth.metresPerUnit }),
    ...(maskPng && { maskPng }),
    descriptor,
  };
};
