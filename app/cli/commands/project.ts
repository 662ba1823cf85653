import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { lociError } from '../../contract/errors.ts';
import {
  cameraPathSchema,
  projectionRequestSchema,
  type Likeness,
  type ProjectionEvent,
  type ProjectionRequest,
  type ProjectionSummary,
} from '../../contract/projection.ts';
import { sessionId } from '../../contract/session.ts';
import type { Engine } from '../../engine/engine.ts';
import { readJsonFile } from '../json-file.ts';
import {
  chooseEnvironment,
  nonNegativeNumber,
  openEngine,
  positiveInteger,
  positiveNumber,
  withEnvironment,
  type EnvironmentOptions,
} from '../options.ts';
import { CommandFailure, printJson, printLine } from '../output.ts';

interface ProjectOptions extends EnvironmentOptions {
  readonly session?: string;
  readonly path?: string;
  readonly recorded?: boolean;
  readonly from?: number;
  readonly to?: number;
  readonly out: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly fps: number;
  readonly blend?: boolean;
  readonly closedLoop?: boolean;
  readonly force?: boolean;
  readonly references?: number;
  readonly minOverlap?: number;
  readonly stretch?: number;
}

/** Reads `640x480`; the sides of an H.264 video are even. */
const videoSize = (text: string): { width: number; height: number } => {
  const [width = 0, height = 0] = /^(\d+)x(\d+)$/.exec(text)?.slice(1).map(Number) ?? [];
  if ([width, height].some((side) => side < 16 || side > 4096 || side % 2 !== 0)) {
    throw new InvalidArgumentError('It must be WIDTHxHEIGHT, both even and from 16 to 4096, such as 640x480.');
  }
  return { width, height };
};

const share = (text: string): number => {
  const value = nonNegativeNumber(text);
  if (value > 1) {
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  }
  return value;
};

const badUsage = (message: string, hint: string): CommandFailure =>
  new CommandFailure(lociError('bad-usage', message, hint));

const readPath = async (options: ProjectOptions): Promise<z.input<typeof projectionRequestSchema>['path']> => {
  const { path: file, recorded, from, to } = options;
  if ((file === undefined) === (recorded !== true)) {
    throw badUsage('A path is needed, and one only', 'Give --path <file> or --recorded.');
  }
  if (file === undefined) {
    if (from !== undefined && to !== undefined && from >= to) {
      throw badUsage(`--from ${from} is not before --to ${to}`, 'Give two times in order, in seconds.');
    }
    return { kind: 'recorded', fromSeconds: from, toSeconds: to };
  }
  if (from !== undefined || to !== undefined) {
    throw badUsage('--from and --to choose a part of the recorded path', 'Leave them out with --path.');
  }
  const parsed = cameraPathSchema.safeParse(await readJsonFile(file, 'path-invalid'));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.') ?? '';
    throw new CommandFailure(
      lociError(
        'path-invalid',
        `${file} is no camera path: ${place === '' ? '' : `${place}: `}${issue?.message ?? 'unknown reason'}`,
        'docs/projection.md shows one.',
        { file, ...(place !== '' && { place }) },
      ),
    );
  }
  return { kind: 'key-poses', ...parsed.data };
};

const chooseSession = async (engine: Engine, options: ProjectOptions): Promise<string> => {
  const environment = await chooseEnvironment(engine, options);
  if (options.session !== undefined) {
    return sessionId(environment, options.session);
  }
  const [only, ...others] = await engine.library.sessions(environment);
  if (!only || others.length > 0) {
    throw badUsage(
      only ? 'The environment has several sessions' : 'The environment has no session',
      only ? `Choose with --session: ${[only, ...others].map(({ name }) => name).join(', ')}.` : 'Ingest one first.',
    );
  }
  return only.id;
};

const readRequest = async (engine: Engine, options: ProjectOptions): Promise<ProjectionRequest> =>
  projectionRequestSchema.parse({
    sessionId: await chooseSession(engine, options),
    out: options.out,
    force: options.force,
    path: await readPath(options),
    size: options.size,
    framesPerSecond: options.fps,
    blend: options.blend,
    closedLoop: options.closedLoop,
    references: {
      perStretch: options.references,
      minOverlap: options.minOverlap,
      stretchFrames: options.stretch,
    },
  } satisfies z.input<typeof projectionRequestSchema>);

/** `loci project`: renders the map along a camera path. */
export const projectCommand = (): Command =>
  withEnvironment(
    new Command('project').description(
      'render the map along a camera path: videos of colour, depth and visibility, and reference pictures',
    ),
  )
    .option('--session <name>', 'recording; not needed when there is one only')
    .option('--path <file>', 'key poses of the camera as JSON (docs/projection.md)')
    .option('--recorded', 'the camera’s own path in the session')
    .option('--from <seconds>', 'leave out what is earlier in the recording', nonNegativeNumber)
    .option('--to <seconds>', 'leave out what is later in the recording', positiveNumber)
    .requiredOption('--out <folder>', 'folder to make')
    .option('--force', 'replace a projection that is there')
    .option('--size <WxH>', 'of the videos; the session’s own, at most 640 across, unless given', videoSize)
    .option('--fps <n>', 'frames a second', positiveNumber, 30)
    .option('--blend', 'repaint the map with the pixels of the reference pictures')
    .option('--closed-loop', 'follow the path back to its first view and compare')
    .option('--references <n>', 'at most so many reference pictures a stretch (7)', positiveInteger)
    .option('--min-overlap <share>', 'of the visible surface that a reference must see too (0.15)', share)
    .option('--stretch <frames>', 'frames that are served by one set of references (81)', positiveInteger)
    .action(async (options: ProjectOptions) => {
      await using engine = await openEngine(options, 'read');
      const request = await readRequest(engine, options);
      const abort = new AbortController();
      process.once('SIGINT', () => abort.abort());
      process.once('SIGTERM', () => abort.abort());
      const show = options.json ? printJson : showOnTerminal();
      for await (const event of engine.project(request, abort.signal)) {
        if (event.type === 'failed') {
          throw new CommandFailure(event.error);
        }
        show(event);
      }
    });

/** A bar on a terminal, then what came of it. */
const showOnTerminal = (): ((event: ProjectionEvent) => void) => {
  const bar = new SingleBar({ format: '{bar} {value}/{total} frames', hideCursor: true, clearOnComplete: true });
  return (event) => {
    if (event.type === 'started') {
      bar.start(event.totalFrames, 0);
    } else if (event.type === 'progress') {
      bar.update(event.frames);
    } else {
      bar.stop();
    }
    if (event.type === 'summary') {
      describeSummary(event).forEach(printLine);
    }
  };
};

const describeLikeness = (name: string, { psnrDecibels, ssim, matchAccuracy }: Likeness): string => {
  const matches = matchAccuracy === undefined ? '' : `, ${(100 * matchAccuracy).toFixed(0)} % of matches kept`;
  return `  last frame against ${name}: PSNR ${psnrDecibels.toFixed(1)} dB, SSIM ${ssim.toFixed(3)}${matches}`;
};

const describeSummary = (summary: ProjectionSummary): string[] => {
  const { out, frames, durationSeconds, elapsedSeconds, knownShare, references, closedLoop } = summary;
  return [
    `${out}: ${frames} frames of ${durationSeconds.toFixed(1)} s in ${elapsedSeconds.toFixed(1)} s, ` +
      `${(100 * knownShare).toFixed(0)} % of the view known, ${references} reference pictures.`,
    ...(closedLoop ? [describeLikeness('the first frame', closedLoop.againstFirstFrame)] : []),
    ...(closedLoop?.againstRecording ? [describeLikeness('the recording', closedLoop.againstRecording)] : []),
  ];
};
