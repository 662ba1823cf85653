import { failure, lociError } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';
import type { SourceOptions } from '../contract/job.ts';
import { commonSize } from './image-files.ts';
import { openSequence } from './image-sequence.ts';
import type { SequenceEntry } from './image-sequence.ts';
import { placeInTime } from './numbered-frames.ts';
import type { OpenedSource, SourceFormat } from './opened-source.ts';
import { readMetadata } from './record3d/metadata.ts';
import type { Metadata } from './record3d/metadata.ts';
import { Record3dPictures } from './record3d/pictures.ts';
import { TimeOrder } from './time-order.ts';
import { ZipArchive } from './zip-archive.ts';

/** Numbers of the frames that have a colour image, in their order. */
const frameNumbers = ({ path, files }: ZipArchive): readonly number[] =>
  files
    .flatMap((file) => /^\/rgbd\/(\d+)\.jpg$/.exec(file.slice(path.length))?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);

const depthMissing = (file: string): LociError =>
  lociError('frame-missing', `${file} is missing`, 'The frame is used without depth.', {
    file,
  });

const timesMissing = (path: string, told: number, frames: number): LociError =>
  lociError(
    'timestamp-invalid',
    `${path} has ${told} time stamps for ${frames} frames`,
    'The times follow from the numbers of the frames instead. Export the recording again.',
    { file: path, place: 'frameTimestamps' },
  );

/** What to call a frame by, and what there is to say before it. */
interface Time {
  readonly number: number;
  readonly ptsMicros: number;
  readonly warnings: readonly LociError[];
}

/** Times as the recording tells them, else by the numbers of the frames. */
const timesOf = (path: string, numbers: readonly number[], metadata: Metadata, framesPerSecond?: number): Time[] => {
  const { timesSeconds } = metadata;
  const numbered = placeInTime(path, numbers, framesPerSecond ?? metadata.framesPerSecond).map((time, i) => ({
    ...time,
    number: numbers[i] ?? 0,
  }));
  if (timesSeconds === undefined) {
    return numbered;
  }
  if (timesSeconds.length <= (numbers.at(-1) ?? 0)) {
    const [first, ...others] = numbered;
    const warning = timesMissing(path, timesSeconds.length, numbers.length);
    return first ? [{ ...first, warnings: [warning, ...first.warnings] }, ...others] : [];
  }
  const begin = timesSeconds[numbers[0] ?? 0] ?? 0;
  const order = new TimeOrder(path);
  const told = numbered
    .map((time) => ({ ...time, ptsMicros: Math.round(((timesSeconds[time.number] ?? 0) - begin) * 1e6) }))
    .filter(({ ptsMicros }) => order.accepts(ptsMicros));
  const [first, ...others] = told;
  return first ? [{ ...first, warnings: [...order.takeWarning(), ...first.warnings] }, ...others] : [];
};

const entriesOf = (
  archive: ZipArchive,
  numbers: readonly number[],
  metadata: Metadata,
  framesPerSecond: number | undefined,
): SequenceEntry[] => {
  const { path } = archive;
  const files = new Set(archive.files);
  const anyDepth = archive.files.some((file) => file.endsWith('.depth'));
  return timesOf(path, numbers, metadata, framesPerSecond).map(({ number, ptsMicros, warnings }) => {
    const depth = `${path}/rgbd/${number}.depth`;
    const pose = metadata.poses[number];
    return {
      ptsMicros,
      image: `${path}/rgbd/${number}.jpg`,
      ...(files.has(depth) && { depth }),
      ...(pose && { readPose: () => Promise.resolve(pose) }),
      warnings: anyDepth && !files.has(depth) ? [...warnings, depthMissing(depth)] : warnings,
    };
  });
};

const turned = (path: string): LociError =>
  lociError(
    'intrinsics-invalid',
    `${path}: its pictures are turned by a quarter against the size that its metadata tell`,
    'Its camera and its poses belong to pictures that are not in it. Export the recording again.',
    { file: path, place: 'metadata' },
  );

const openArchive = async (archive: ZipArchive, options: SourceOptions): Promise<Result<OpenedSource>> => {
  const { path } = archive;
  const numbers = frameNumbers(archive);
  if (numbers.length === 0) {
    return failure(
      lociError('source-empty', `${path} holds no rgbd/0.jpg`, 'Export the recording from Record3D as .r3d.', {
        file: path,
      }),
    );
  }
  const metadataFile = `${path}/metadata`;
  const bytes = await archive.read(metadataFile);
  if (!bytes.ok) {
    return bytes;
  }
  const metadata = readMetadata(bytes.value, metadataFile);
  if (!metadata.ok) {
    return metadata;
  }
  const { size, depthSize, intrinsics } = metadata.value;
  const store = new Record3dPictures(archive, depthSize);
  const entries = entriesOf(archive, numbers, metadata.value, options.framesPerSecond);
  const images = entries.map(({ image }) => image);
  const found = await commonSize(images, (name) => store.sizeOf(name));
  if (found && found.width !== found.height && found.width < found.height !== size.width < size.height) {
    return failure(turned(path));
  }
  return openSequence(
    {
      kind: 'record3d',
      folder: path,
      names: [],
      entries,
      otherFiles: [],
      metresPerUnit: 0.001,
      camera: { intrinsics },
      store,
    },
    options,
  );
};

/**
 * What the Record3D app of iPhones and iPads exports: a ZIP archive of `metadata` (JSON), `rgbd/0.jpg`, `rgbd/0.depth`
 * (metres) and `rgbd/0.conf`, with poses of ARKit in a world whose y is up.
 */
export const record3dFormat: SourceFormat = {
  kind: 'record3d',
  description: 'a Record3D recording (.r3d)',
  recognises: (names, path) => names === undefined && /\.r3d$/i.test(path),
  open: async (path, options) => {
    const archive = await ZipArchive.open(path);
    if (!archive.ok) {
      return archive;
    }
    let opened: Result<OpenedSource> | undefined;
    try {
      opened = await openArchive(archive.value, options);
      return opened;
    } finally {
      if (opened?.ok !== true) {
        archive.value.close();
      }
    }
  },
};
