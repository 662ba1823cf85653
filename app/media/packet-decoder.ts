import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LociException, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';
import { DecoderLog, pictures } from './decoder-output.ts';
import { runTool, startPipedTool, stopTool } from './ffmpeg.ts';
import type { RgbImage } from './frame.ts';
import type { ImageSize } from './scaling.ts';

/** One packet of a video that is kept as packets: a picture's worth of H.264 or HEVC in Annex B, of VP9 or of AV1. */
export interface VideoPacket {
  readonly ptsMicros: number;
  readonly data: Uint8Array;
}

/** Codecs that packets come in, by the names of FFmpeg's decoders: IVF itself does not know how to say HEVC. */
const decoders: Readonly<Record<string, string>> = { h264: 'h264', h265: 'hevc', hevc: 'hevc', vp9: 'vp9', av1: 'av1' };

/** Names of the codecs that packets can be decoded of. */
export const packetCodecs = Object.keys(decoders);

/** IVF, the plainest container that keeps each packet's time stamp; its header, with a time base of a microsecond. */
const ivfHeader = (): Uint8Array => {
  const header = Buffer.alloc(32);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(32, 6);
  header.writeUInt32LE(1_000_000, 16);
  header.writeUInt32LE(1, 20);
  return header;
};

/** A packet in IVF. */
const ivfPacket = ({ ptsMicros, data }: VideoPacket): Uint8Array => {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(data.byteLength, 0);
  head.writeBigUInt64LE(BigInt(Math.max(0, Math.round(ptsMicros))), 4);
  return Buffer.concat([head, data]);
};

const inputArguments = (codec: string, input: string): string[] => [
  ...['-hide_banner', '-nostats', '-loglevel', 'repeat+level+info', '-copyts'],
  ...['-f', 'ivf', '-c:v', decoders[codec] ?? codec, '-i', input],
];

const decoderArguments = (codec: string, { width, height }: ImageSize): string[] => [
  ...inputArguments(codec, 'pipe:0'),
  ...['-vf', `scale=${width}:${height},setsar=1,format=rgb24,showinfo=checksum=0`],
  ...['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
];

/** The size of a video's pictures, from its first packets up to a key frame; `undefined` when they show none. */
export const sizeOfPackets = async (
  codec: string,
  packets: readonly VideoPacket[],
): Promise<Result<ImageSize | undefined>> => {
  const folder = await mkdtemp(join(tmpdir(), 'loci-packets-'));
  try {
    const file = join(folder, 'first.ivf');
    await writeFile(file, Buffer.concat([ivfHeader(), ...packets.map(ivfPacket)]));
    const args = [...inputArguments(codec, file), '-frames:v', '1', '-vf', 'showinfo=checksum=0', '-f', 'null', '-'];
    const run = await runTool('ffmpeg', args);
    if (!run.ok) {
      return run;
    }
    const [, width, height] = /\] n: .* s:(\d+)x(\d+) /.exec(run.value.stderr) ?? [];
    return success(width === undefined ? undefined : { width: Number(width), height: Number(height) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Decodes packets in FFmpeg and yields their pictures with the packets' time stamps. What the packets throw is thrown
 * once the pictures before it are out. Packets before the first key frame show nothing and are left out by FFmpeg.
 */
export async function* decodePackets(
  codec: string,
  packets: AsyncIterable<VideoPacket>,
  size: ImageSize,
  signal: AbortSignal,
): AsyncGenerator<{ readonly ptsMicros: number; readonly image: RgbImage }, void, undefined> {
  const started = await startPipedTool('ffmpeg', decoderArguments(codec, size));
  if (!started.ok) {
    throw new LociException(started.error);
  }
  const child = started.value;
  const kill = (): boolean => child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  const feed = async (): Promise<void> => {
    try {
      child.stdin.write(ivfHeader());
      for await (const packet of packets) {
        if (!child.stdin.writable) {
          return;
        }
        if (!child.stdin.write(ivfPacket(packet))) {
          await Promise.race([once(child.stdin, 'drain'), once(child, 'exit')]);
        }
      }
    } finally {
      child.stdin.end();
    }
  };
  const fed = feed();
  fed.catch(() => undefined);
  try {
    const log = new DecoderLog(child.stderr);
    for await (const data of pictures(child.stdout, size.width * size.height * 3)) {
      const ptsMicros = await log.nextPtsMicros();
      if (signal.aborted) {
        return;
      }
      if (ptsMicros !== undefined) {
        yield { ptsMicros, image: { ...size, data } };
      }
    }
    if (!signal.aborted) {
      await fed;
    }
  } finally {
    signal.removeEventListener('abort', kill);
    await stopTool(child);
  }
}
