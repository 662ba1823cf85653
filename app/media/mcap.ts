import { stat } from 'node:fs/promises';
import { failure, lociError, LociException, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import type { SourceOptions } from '../contract/job.ts';
import { cameraOf } from './camera-file.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { SourceInfo } from './frame.ts';
import { cameraOfCalibration, depthCameraOf, sizeOf } from './mcap/cameras.ts';
import { McapLog } from './mcap/log.ts';
import { McapSource } from './mcap/source.ts';
import { chooseTopics } from './mcap/topics.ts';
import type { OpenedSource, SourceFormat } from './opened-source.ts';
import { fitWithin, scaleIntrinsics } from './scaling.ts';
import { selectionFrom } from './selection.ts';

const isWhole = ({ startSeconds, endSeconds, maxFramesPerSecond }: SourceOptions): boolean =>
  startSeconds === undefined && endSeconds === undefined && maxFramesPerSecond === undefined;

const openLog = async (file: string, log: McapLog, options: SourceOptions): Promise<Result<OpenedSource>> => {
  const chosen = await chooseTopics(file, log, options.topics);
  if (!chosen.ok) {
    return chosen;
  }
  const topics = chosen.value;
  const [size, selection] = [await sizeOf(file, log, topics), selectionFrom(options, 0)];
  if (!size.ok) {
    return size;
  }
  if (!selection.ok) {
    return selection;
  }
  const own = options.intrinsics ? success({}) : cameraOfCalibration(file, topics.colour.calibration, size.value);
  if (!own.ok) {
    return own;
  }
  const camera = await cameraOf(file, [], options, size.value, own.value);
  if (!camera.ok) {
    return camera;
  }
  const { intrinsics, distortion, file: cameraFile } = camera.value;
  const depthCamera = await depthCameraOf(file, topics, intrinsics, size.value, options);
  if (!depthCamera.ok) {
    return depthCamera;
  }
  const frame = fitWithin(size.value, options.maxSizePixels);
  const { durationMicros } = log;
  const { messages } = topics.colour.channel;
  const info: SourceInfo = {
    kind: 'mcap',
    path: file,
    fingerprint: await fingerprintOf(file, [file, ...(cameraFile === undefined ? [] : [cameraFile])]),
    ...frame,
    frameRate: durationMicros > 0 && messages > 1 ? Math.round(((messages - 1) / durationMicros) * 1e9) / 1e3 : 1,
    ...(isWhole(options) && { totalFrames: messages }),
    ...(durationMicros > 0 && { durationMicros }),
    ...(intrinsics && { intrinsics: scaleIntrinsics(intrinsics, frame) }),
    ...(distortion && { distortion }),
    ...(depthCamera.value && {
      depthIntrinsics: scaleIntrinsics(depthCamera.value, fitWithin(depthCamera.value, options.maxSizePixels)),
    }),
    hasDepth: topics.depth !== undefined,
    hasRecordedPoses: topics.poses !== undefined,
  };
  return success(
    new McapSource(info, log, {
      topics,
      selection: selection.value,
      size: size.value,
      frame,
      metresPerUnit: options.depthMetresPerUnit ?? 0.001,
      maxSizePixels: options.maxSizePixels,
    }),
  );
};

/**
 * A robot log in MCAP: pictures of Foxglove's and ROS's schemas, with depth, cameras and poses of the same times. Time
 * stamps count from the first colour picture.
 */
export const mcapFormat: SourceFormat = {
  kind: 'mcap',
  description: 'an MCAP log (.mcap)',
  recognises: (names, path) => names === undefined && /\.mcap$/i.test(path),
  open: async (file, options) => {
    if ((await stat(file)).size === 0) {
      return failure(lociError('source-empty', `${file} is empty (0 bytes)`, 'Copy or record it again.', { file }));
    }
    const log = await McapLog.open(file);
    if (!log.ok) {
      return log;
    }
    try {
      const opened = await openLog(file, log.value, options);
      if (!opened.ok) {
        await log.value.close();
      }
      return opened;
    } catch (thrown) {
      await log.value.close();
      if (thrown instanceof LociException) {
        return failure(thrown.error);
      }
      throw thrown;
    }
  },
};
