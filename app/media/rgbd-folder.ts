import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lociError } from '../contract/errors.ts';
import type { LociError } from '../contract/errors.ts';
import { openSequence } from './image-sequence.ts';
import type { SequenceEntry } from './image-sequence.ts';
import { placeInTime } from './numbered-frames.ts';
import type { SourceFormat } from './opened-source.ts';
import { readPose } from './pose-file.ts';

const fileName = /^(frame-(\d+))\.(?:(color)\.(?:jpe?g|png)|(depth)\.png|(pose)\.txt)$/i;

interface FrameFiles {
  readonly stem: string;
  readonly number: number;
  color?: string;
  depth?: string;
  pose?: string;
}

const groupByNumber = (names: readonly string[]): FrameFiles[] => {
  const frames = new Map<number, FrameFiles>();
  for (const name of names) {
    const match = fileName.exec(name);
    if (match) {
      const number = Number(match[2]);
      const frame = frames.get(number) ?? { stem: match[1] ?? '', number };
      const part = (match[3] ?? match[4] ?? match[5] ?? '').toLowerCase() as 'color' | 'depth' | 'pose';
      frame[part] = name;
      frames.set(number, frame);
    }
  }
  return [...frames.values()].filter((frame) => frame.color !== undefined).sort((a, b) => a.number - b.number);
};

const depthMissing = (folder: string, stem: string): LociError =>
  lociError(
    'frame-missing',
    `${join(folder, `${stem}.depth.png`)} is missing`,
    'The frame is used without depth. Copy the file if you have it.',
    { file: join(folder, `${stem}.depth.png`) },
  );

/**
 * Numbered colour images with depth in millimetres and, where known, poses: `frame-000000.color.jpg`,
 * `frame-000000.depth.png`, `frame-000000.pose.txt` (4×4 camera-to-world), with `camera-intrinsics.txt` (3×3) and, when
 * the depth camera is another, `camera-intrinsics-depth.txt`.
 */
export const rgbdFolderFormat: SourceFormat = {
  kind: 'rgbd-folder',
  description: 'a folder of frame-000000.color.jpg with frame-000000.depth.png',
  recognises: (names) => names?.some((name) => /^frame-\d+\.color\.(jpe?g|png)$/i.test(name)) === true,
  open: async (folder, options) => {
    const names = await readdir(folder);
    const frames = groupByNumber(names);
    const anyDepth = frames.some((frame) => frame.depth !== undefined);
    const numbers = frames.map((frame) => frame.number);
    const entries = placeInTime(folder, numbers, options.framesPerSecond).map(({ ptsMicros, warnings }, i) => {
      const { stem, color, depth, pose } = frames[i] ?? { stem: '' };
      return {
        ptsMicros,
        image: join(folder, color ?? ''),
        ...(depth !== undefined && { depth: join(folder, depth) }),
        ...(pose !== undefined && { readPose: () => readPose(join(folder, pose)) }),
        warnings: anyDepth && depth === undefined ? [...warnings, depthMissing(folder, stem)] : warnings,
      } satisfies SequenceEntry;
    });
    return openSequence(
      {
        kind: 'rgbd-folder',
        folder,
        names,
        entries,
        otherFiles: names.filter((name) => /\.txt$/i.test(name)).map((name) => join(folder, name)),
        metresPerUnit: options.depthMetresPerUnit ?? 0.001,
      },
      options,
    );
  },
};
