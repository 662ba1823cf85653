import { failure, lociError, success } from '../../contract/errors.ts';
import type { Result } from '../../contract/errors.ts';
import type { Intrinsics } from '../../contract/geometry.ts';
import type { SourceOptions } from '../../contract/job.ts';
import type { Camera } from '../camera-file.ts';
import { distortionOf } from '../distortion.ts';
import { packetCodecs, sizeOfPackets } from '../packet-decoder.ts';
import type { VideoPacket } from '../packet-decoder.ts';
import { sameSize, scaleIntrinsics } from '../scaling.ts';
import type { ImageSize } from '../scaling.ts';
import type { McapLog } from './log.ts';
import type { Calibration } from './messages.ts';
import { colourOf, depthOf } from './pictures.ts';
import { imagesOf } from './topics.ts';
import type { ChosenTopics, Topic } from './topics.ts';

/** Packets from the first key frame on are needed to tell a video's size; a group of pictures is rarely longer. */
const packetsToProbe = 300;

/** The size of a video of packets, as FFmpeg sees it. */
const sizeOfVideo = async (file: string, log: McapLog, colour: Topic): Promise<Result<ImageSize>> => {
  const refused = (reason: string, hint: string): Result<never> =>
    failure(
      lociError('source-unsupported', `${file} (topic ${colour.channel.topic}): ${reason}`, hint, {
        file,
        place: colour.channel.topic,
      }),
    );
  const codec = colour.first.type === 'compressed' ? colour.first.format : '';
  if (!packetCodecs.includes(codec)) {
    return refused(`its video is "${codec}"`, `Loci reads ${packetCodecs.join(', ')}.`);
  }
  const packets: VideoPacket[] = [];
  for await (const { stampMicros, data } of imagesOf(log, colour)) {
    packets.push({ ptsMicros: stampMicros - colour.first.stampMicros, data });
    if (packets.length >= packetsToProbe) {
      break;
    }
  }
  const size = await sizeOfPackets(codec, packets);
  if (!size.ok) {
    return size;
  }
  return size.value
    ? success(size.value)
    : refused(`none of its first ${packets.length} packets is a key frame of ${codec}`, 'Record it again.');
};

/** The size of a log's colour pictures. */
export const sizeOf = async (file: string, log: McapLog, topics: ChosenTopics): Promise<Result<ImageSize>> => {
  if (topics.isVideo) {
    return sizeOfVideo(file, log, topics.colour);
  }
  const image = await colourOf(topics.colour.first, `${file} (topic ${topics.colour.channel.topic})`);
  return image.ok ? success({ width: image.value.width, height: image.value.height }) : image;
};

/** The camera of a calibration, for images of `size`. */
export const cameraOfCalibration = (
  file: string,
  calibration: Calibration | undefined,
  size: ImageSize,
): Result<Camera> => {
  const [fx = 0, , cx = 0, , fy = 0, cy = 0] = calibration?.k ?? [];
  // An uncalibrated camera publishes a matrix of zeros.
  if (!calibration || !(fx > 0) || !(fy > 0)) {
    return success({});
  }
  const distortion = distortionOf(calibration.distortionModel || undefined, calibration.d);
  if (typeof distortion === 'string') {
    return failure(
      lociError('intrinsics-invalid', `${file}: ${distortion}`, 'Give the camera with --intrinsics and --distortion.', {
        file,
      }),
    );
  }
  const own = { width: calibration.width || size.width, height: calibration.height || size.height };
  const intrinsics = scaleIntrinsics({ fx, fy, cx, cy, ...own }, size);
  return success({ intrinsics, ...(distortion && { distortion }) });
};

/**
 * The camera of depth pictures, when it is another than the colour camera: the given one, else that of their own
 * calibration, else the colour camera at their size.
 */
export const depthCameraOf = async (
  file: string,
  { colour, depth }: ChosenTopics,
  colourIntrinsics: Intrinsics | undefined,
  colourSize: ImageSize,
  options: SourceOptions,
): Promise<Result<Intrinsics | undefined>> => {
  const first = depth && (await depthOf(depth.first, 0.001, `${file} (topic ${depth.channel.topic})`));
  if (!depth || !first?.ok) {
    return success(undefined);
  }
  const size = { width: first.value.width, height: first.value.height };
  if (options.depthIntrinsics) {
    return success({ ...options.depthIntrinsics, ...size });
  }
  const isOwn = depth.calibration !== undefined && depth.calibration.frameId !== colour.calibration?.frameId;
  const own = cameraOfCalibration(file, isOwn ? depth.calibration : undefined, size);
  if (!own.ok) {
    return own;
  }
  const registered =
    colourIntrinsics && !sameSize(colourSize, size) ? scaleIntrinsics(colourIntrinsics, size) : undefined;
  return success(own.value.intrinsics ?? registered);
};
