import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { ingestRequestSchema, type IngestEvent, type IngestSummary } from '../../contract/job.ts';
import { CommandFailure, printJson, printLine, printWarning } from '../output.ts';
import type { Distortion } from '../../contract/geometry.ts';
import {
  distortion,
  nonNegativeNumber,
  openEngine,
  pinhole,
  positiveInteger,
  positiveNumber,
  repeated,
  withLibrary,
  type LibraryOptions,
} from '../options.ts';
import { posesOf, withRobot, type RobotOptions } from '../robot-options.ts';

interface IngestOptions extends LibraryOptions, RobotOptions {
  readonly environment: string;
  readonly session?: string;
  readonly poses: 'tracked' | 'recorded' | 'robot';
  readonly workingCapacity?: number;
  readonly episodicCapacity?: number;
  readonly policyRate?: number;
  readonly start?: number;
  readonly end?: number;
  readonly maxFps?: number;
  readonly maxSize?: number;
  readonly intrinsics?: { fx: number; fy: number; cx: number; cy: number };
  readonly distortion?: Distortion;
  readonly depthIntrinsics?: { fx: number; fy: number; cx: number; cy: number };
  readonly depthScale?: number;
  readonly fps?: number;
  readonly topic?: string[];
  readonly cameraHeight?: number;
}

/** `loci ingest`: reads a recording into a library. */
export const ingestCommand = (): Command =>
  withRobot(
    withLibrary(
      new Command('ingest')
        .description('read a video or a folder of images into the library; run again, it goes on where it ended')
        .argument(
          '<recording>',
          'video file, MCAP log, Record3D recording, Stray Scanner, RGB-D, TUM, Open3D or image folder, or a live camera (/dev/video0, camera:0) or stream (rtsp://, http://, udp://)',
        ),
    ),
  )
    .requiredOption('--environment <name>', 'place that the recording shows')
    .option('--session <name>', 'name of this recording; the file’s name unless given')
    .addOption(
      new Option('--poses <how>', 'track the pixels, or take the poses of the recording or of a robot')
        .choices(['tracked', 'recorded', 'robot'])
        .default('tracked'),
    )
    .option('--start <seconds>', 'leave out what is earlier', nonNegativeNumber)
    .option('--end <seconds>', 'leave out what is later', positiveNumber)
    .option('--max-fps <n>', 'leave out frames above this rate', positiveNumber)
    .option('--max-size <pixels>', 'scale larger frames down to this longest side', positiveInteger)
    .option('--intrinsics <fx,fy,cx,cy>', 'of the recording’s frames, in pixels', pinhole)
    .option(
      '--distortion <model:k1,…>',
      'of its lens: brown-conrady:k1,k2,p1,p2,k3 or kannala-brandt:k1,k2,k3,k4',
      distortion,
    )
    .option('--depth-intrinsics <fx,fy,cx,cy>', 'of its depth images, when they differ', pinhole)
    .option('--depth-scale <metres>', 'metres of one unit of depth, such as 0.001', positiveNumber)
    .option('--fps <n>', 'frame rate of a numbered folder', positiveNumber)
    .option('--topic <name>', 'topic of an MCAP log to read; may be given for colour, depth and poses', repeated)
    .option('--camera-height <metres>', 'usual height above the floor; makes a plain video metric', positiveNumber)
    .option('--working-capacity <steps>', 'size of working memory (8)', positiveInteger)
    .option('--episodic-capacity <entries>', 'size of episodic memory (32)', positiveInteger)
    .option('--policy-rate <hertz>', 'memory steps a second (2)', positiveNumber)
    .action(async (path: string, options: IngestOptions) => {
      const request = ingestRequestSchema.parse({
        path,
        environment: options.environment,
        session: options.session,
        poses: posesOf(options.poses, options),
        cameraHeightMetres: options.cameraHeight,
        memory: {
          workingCapacity: options.workingCapacity,
          episodicCapacity: options.episodicCapacity,
          policyRateHertz: options.policyRate,
        },
        source: {
          startSeconds: options.start,
          endSeconds: options.end,
          maxFramesPerSecond: options.maxFps,
          maxSizePixels: options.maxSize,
          intrinsics: options.intrinsics,
          distortion: options.distortion,
          depthIntrinsics: options.depthIntrinsics,
          depthMetresPerUnit: options.depthScale,
          framesPerSecond: options.fps,
          topics: options.topic,
        },
      });
      await using engine = await openEngine(options, 'write', true);
      const abort = new AbortController();
      process.once('SIGINT', () => abort.abort());
      process.once('SIGTERM', () => abort.abort());
      const show = options.json ? printJson : showOnTerminal();
      for await (const event of engine.ingest(request, abort.signal)) {
        show(event);
        if (event.type === 'failed') {
          throw new CommandFailure(event.error);
        }
      }
    });

/** A bar on a terminal; elsewhere only warnings and the summary. */
const showOnTerminal = (): ((event: IngestEvent) => void) => {
  const bar = new SingleBar({
    format: '{bar} {value}/{total} frames  {rate} frames/s  {keyframes} keyframes  lost {lost}{dropped}',
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
  });
  return (event) => {
    switch (event.type) {
      case 'started':
        if (event.resumedAtPtsMicros !== undefined) {
          printLine(`Going on with ${event.session} where it ended.`);
        }
        bar.start(event.totalFrames ?? 0, 0, { rate: '–', keyframes: 0, lost: 0, dropped: '' });
        break;
      case 'progress':
        // A video's length is known in time only; the bar then runs ahead of its end.
        bar.setTotal(Math.max(event.totalFrames ?? 0, event.frames));
        bar.update(event.frames, {
          rate: event.framesPerSecond.toFixed(0),
          keyframes: event.keyframes,
          lost: event.lost,
          dropped: event.dropped === undefined ? '' : `  dropped ${event.dropped}`,
        });
        break;
      case 'warning':
        bar.stop();
        printWarning(event.warning);
        break;
      case 'failed':
        bar.stop();
        break;
      case 'summary':
        bar.stop();
        printLine(describeSummary(event));
        break;
    }
  };
};

const describeSummary = (summary: IngestSummary): string => {
  const { session, frames, keyframes, durationSeconds, elapsedSeconds, framesPerSecond, tracking, dropped, scale } =
    summary;
  const rate = elapsedSeconds > 0 ? ` in ${elapsedSeconds.toFixed(1)} s (${framesPerSecond.toFixed(0)} frames/s)` : '';
  return (
    `${session}: ${frames} frames of ${durationSeconds.toFixed(1)} s${rate}, ${keyframes} keyframes, ` +
    `${tracking.tracked} tracked, ${tracking.lost} lost, ${dropped === undefined ? '' : `${dropped} dropped, `}scale ${scale}.`
  );
};
