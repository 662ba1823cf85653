import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Intrinsics, Pose } from '../../app/contract/geometry.ts';
import type { TruthImage } from './studio.ts';

/** A running FFmpeg that takes raw RGB frames and writes an H.264 video. */
export interface VideoWriter {
  write(rgb: Buffer): Promise<void>;
  /** Ends the video; throws with FFmpeg's own words when it failed. */
  finish(): Promise<void>;
}

/**
 * Starts writing a video: constant quality under a cap of 1.3 Mbit/s, which keeps 70 s of it under 12 MB; a key frame
 * every second for quick seeking; the index in front so that playing starts before all is loaded.
 */
export const startVideo = (path: string, { width, height }: Intrinsics, frameRate: number): VideoWriter => {
  const encoder = spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-y'],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', `${frameRate}`, '-i', 'pipe:0'],
      ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-pix_fmt', 'yuv420p'],
      ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
      ...['-c:v', 'libx264', '-preset', 'slow', '-crf', '21', '-maxrate', '1300k', '-bufsize', '5200k', '-g', '30'],
      ...['-movflags', '+faststart', '-fflags', '+bitexact', '-map_metadata', '-1', path],
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let complaint = '';
  encoder.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  // A broken pipe shows in the exit code; without a listener it would end the process first.
  encoder.stdin.on('error', () => undefined);
  const exit = once(encoder, 'exit');
  return {
    async write(rgb) {
      if (!encoder.stdin.write(rgb)) {
        await Promise.race([once(encoder.stdin, 'drain'), exit]);
      }
    },
    async finish() {
      encoder.stdin.end();
      const [code] = (await exit) as [number | null];
      if (code !== 0) {
        throw new Error(`FFmpeg could not write ${path}: ${complaint.trim()}`);
      }
    },
  };
};

/** Writes RGB rows as a JPEG. */
export const writeJpeg = async (path: string, rgb: Buffer, { width, height }: Intrinsics): Promise<void> => {
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 80, mozjpeg: true })
    .toFile(path);
};

/** Writes depth as a 16-bit PNG in millimetres. */
export const writeDepth = async (path: string, { width, height, depthMillimetres }: TruthImage): Promise<void> => {
  await sharp(depthMillimetres, { raw: { width, height, channels: 1 } })
    .toColourspace('grey16')
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toFile(path);
};

const rows = (values: readonly number[], columns: number, digits: number): string =>
  Array.from({ length: values.length / columns }, (_, row) =>
    values
      .slice(row * columns, (row + 1) * columns)
      .map((value) => value.toFixed(digits))
      .join(' '),
  )
    .join('\n')
    .concat('\n');

/** Writes a camera's 3×3 matrix. */
export const writeIntrinsics = async (path: string, { fx, fy, cx, cy }: Intrinsics): Promise<void> =>
  writeFile(path, rows([fx, 0, cx, 0, fy, cy, 0, 0, 1], 3, 4));

/** Writes a 4×4 camera-to-world matrix. */
export const writePose = async (path: string, pose: Pose): Promise<void> => writeFile(path, rows(pose, 4, 7));
