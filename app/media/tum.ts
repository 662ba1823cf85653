import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, lociError, success } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import { openSequence } from './image-sequence.ts';
import type { SequenceEntry } from './image-sequence.ts';
import type { SourceFormat } from './opened-source.ts';
import { associate } from './association.ts';
import { parseTumPose, poseInvalid } from './pose-file.ts';
import { TimeOrder } from './time-order.ts';

/** Metres of one unit of a TUM depth image: 5000 units are a metre. */
const tumMetresPerUnit = 1 / 5000;

/** Recordings of different streams belong together when they are at most this far apart. */
const associationMicros = 20_000;

/** One line of a list: a time and what was recorded then. */
interface Line {
  readonly timeMicros: number;
  readonly words: readonly string[];
  readonly lineNumber: number;
}

/** Reads `1305031102.175304` without the rounding of a floating-point number of seconds. */
const parseMicros = (text: string): number | undefined => {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  return match ? Number(match[1]) * 1e6 + Math.round(Number(`0.${match[2] ?? '0'}`) * 1e6) : undefined;
};

const readList = async (file: string): Promise<Result<Line[]>> => {
  const lines: Line[] = [];
  for (const [i, text] of (await readFile(file, 'utf8')).split(/\r?\n/).entries()) {
    const [time = '', ...words] = text.trim().split(/[\s,]+/);
    if (time === '' || time.startsWith('#')) {
      continue;
    }
    const timeMicros = parseMicros(time);
    if (timeMicros === undefined || words.length === 0) {
      return failure(
        lociError(
          'source-unreadable',
          `${file} (line ${i + 1}): expected a time in seconds and what was recorded then`,
          'Mend or delete this line.',
          { file, place: `line ${i + 1}` },
        ),
      );
    }
    lines.push({ timeMicros, words, lineNumber: i + 1 });
  }
  return success(lines.sort((a, b) => a.timeMicros - b.timeMicros));
};

const readOptionalList = (folder: string, names: readonly string[], name: string): Promise<Result<Line[]>> =>
  names.includes(name) ? readList(join(folder, name)) : Promise.resolve(success([]));

const withoutDepth = (file: string, frames: number, total: number): LociError =>
  lociError(
    'frame-missing',
    `${file}: ${frames} of ${total} colour images have no depth image within 20 ms`,
    'These frames are used without depth.',
    { file },
  );

const poseOf = (file: string, line: Line): NonNullable<SequenceEntry['readPose']> => {
  const pose = parseTumPose(line.words);
  const reason = 'expected seven finite numbers tx ty tz qx qy qz qw after the time';
  const result = pose ? success(pose) : failure(poseInvalid(file, reason, `line ${line.lineNumber}`));
  return () => Promise.resolve(result);
};

/** The list is in order of time; a line that repeats the time of the one before it names no frame of its own. */
const uniqueTimes = (
  file: string,
  lines: readonly Line[],
): { readonly unique: readonly Line[]; readonly warnings: readonly LociError[] } => {
  const order = new TimeOrder(file);
  const unique = lines.filter(({ timeMicros }) => order.accepts(timeMicros));
  return { unique, warnings: order.takeWarning() };
};

/**
 * The layout of the TUM RGB-D benchmark: `rgb.txt` and `depth.txt` list times and files, `groundtruth.txt` times and
 * poses. Streams are associated by nearest time. Time stamps count from the first colour image, as the lists count from
 * 1970.
 */
export const tumFormat: SourceFormat = {
  kind: 'tum',
  description: 'a TUM RGB-D folder with rgb.txt',
  recognises: (names) => names?.includes('rgb.txt') === true,
  open: async (folder, options) => {
    const names = await readdir(folder);
    const [colour, depth, truth] = await Promise.all([
      readList(join(folder, 'rgb.txt')),
      readOptionalList(folder, names, 'depth.txt'),
      readOptionalList(folder, names, 'groundtruth.txt'),
    ]);
    if (!colour.ok) {
      return colour;
    }
    if (!depth.ok) {
      return depth;
    }
    if (!truth.ok) {
      return truth;
    }
    const { unique: images, warnings: repeated } = uniqueTimes(join(folder, 'rgb.txt'), colour.value);
    const first = images[0];
    if (first === undefined) {
      const file = join(folder, 'rgb.txt');
      return failure(lociError('source-empty', `${file} lists no images`, 'Add a line for each image.', { file }));
    }
    const times = images.map((line) => line.timeMicros);
    const timesOf = (lines: readonly Line[]): number[] => lines.map((line) => line.timeMicros);
    const depthOf = associate(times, timesOf(depth.value), associationMicros);
    const truthOf = associate(times, timesOf(truth.value), associationMicros);
    const missing = depth.value.length === 0 ? 0 : images.length - depthOf.size;
    const entries = images.map((line, i): SequenceEntry => {
      const depthLine = depth.value[depthOf.get(i) ?? -1];
      const truthLine = truth.value[truthOf.get(i) ?? -1];
      return {
        ptsMicros: line.timeMicros - first.timeMicros,
        image: join(folder, line.words[0] ?? ''),
        ...(depthLine && { depth: join(folder, depthLine.words[0] ?? '') }),
        ...(truthLine && { readPose: poseOf(join(folder, 'groundtruth.txt'), truthLine) }),
        warnings:
          i > 0
            ? []
            : [...repeated, ...(missing > 0 ? [withoutDepth(join(folder, 'depth.txt'), missing, images.length)] : [])],
      };
    });
    return openSequence(
      {
        kind: 'tum',
        folder,
        names,
        entries,
        otherFiles: ['rgb.txt', 'depth.txt', 'groundtruth.txt']
          .filter((name) => names.includes(name))
          .map((name) => join(folder, name)),
        metresPerUnit: options.depthMetresPerUnit ?? tumMetresPerUnit,
      },
      options,
    );
  },
};
