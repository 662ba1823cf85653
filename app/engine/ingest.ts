import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { failure, fromThrown, lociError, success, type LociError, type Result } from '../contract/errors.ts';
import type { Intrinsics } from '../contract/geometry.ts';
import type { IngestEvent, IngestRequest, IngestSummary } from '../contract/job.ts';
import { sessionId, type Session } from '../contract/session.ts';
import { guessIntrinsics } from '../geometry/camera.ts';
import type { PoseProvider } from '../geometry/pose-provider.ts';
import { openPoses } from '../geometry/pose-providers.ts';
import { openRecording } from '../geometry/rectified-source.ts';
import { DepthUnitCheck } from '../geometry/depth-unit.ts';
import type { FrameSource, SourceInfo } from '../media/frame.ts';
import { isLive } from '../media/live-input.ts';
import { recordingPath } from '../media/open-source.ts';
import type { Library } from '../memory/library.ts';
import { decodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { Recorder } from './recorder.ts';

/**
 * Reads a recording into the library, telling how it goes. Never throws for bad input: the last event is `summary` or
 * `failed`. The same request, run again after a crash or a cancellation, goes on where the library ends; run again
 * after completion it only repeats the summary.
 */
export async function* ingest(
  library: Library,
  request: IngestRequest,
  signal: AbortSignal,
): AsyncGenerator<IngestEvent> {
  const path = recordingPath(request.path);
  const name = request.session ?? nameOf(path);
  const id = sessionId(request.environment, name);
  const failed = (error: LociError): IngestEvent => ({ type: 'failed', session: id, error });

  if (library.readOnly) {
    yield failed(
      lociError('library-read-only', `The library ${library.folder} is open for reading only`, 'Open it for writing.'),
    );
    return;
  }
  const opened = await openRecording(path, request.source);
  if (!opened.ok) {
    yield failed(opened.error);
    return;
  }
  await using source = opened.value;

  const poses = await openPoses(request.poses, source.info);
  if (!poses.ok) {
    yield failed(poses.error);
    return;
  }
  const begun = await begin(library, request, poses.value, id, name, source.info);
  if (!begun.ok) {
    yield failed(begun.error);
    return;
  }
  const { session, checkpoint } = begun.value;
  if (session.status !== 'ingesting') {
    yield summarise(session, 0);
    return;
  }
  try {
    yield* read(library, request, poses.value, source, session, checkpoint, signal);
  } catch (thrown) {
    yield failed(signal.aborted ? cancelled : fromThrown(thrown));
  }
}

const cancelled = lociError(
  'cancelled',
  'Cancelled',
  'What was read is in the library; the same command goes on from there.',
);

async function* read(
  library: Library,
  request: IngestRequest,
  poses: PoseProvider,
  source: FrameSource,
  session: Session,
  checkpoint: Checkpoint | undefined,
  signal: AbortSignal,
): AsyncGenerator<IngestEvent> {
  const startedAt = performance.now();
  const created = await Recorder.create(library, request, poses, source.info, session, checkpoint);
  if (!created.ok) {
    yield { type: 'failed', session: session.id, error: created.error };
    return;
  }
  await using recorder = created.value;
  const totalFrames = source.info.totalFrames;
  yield {
    type: 'started',
    session: session.id,
    ...(checkpoint && { resumedAtPtsMicros: checkpoint.lastPtsMicros }),
    ...(totalFrames !== undefined && { totalFrames }),
  };
  for (const warning of checkpoint ? [] : poses.warnings) {
    yield warn(recorder, warning);
  }

  const from = checkpoint && { fromPtsMicros: checkpoint.lastPtsMicros + 1 };
  const framesBefore = checkpoint?.frames ?? 0;
  const depthUnit = new DepthUnitCheck(source.info);
  let ended: LociError | undefined;
  for await (const event of source.frames({ ...from, signal })) {
    if (event.type === 'warning') {
      yield warn(recorder, event.warning);
    } else if (event.type === 'end') {
      ended = event.error;
    } else {
      const doubt = checkpoint ? undefined : depthUnit.observe(event.frame);
      if (doubt) {
        yield warn(recorder, doubt);
      }
      await recorder.add(event.frame);
    }
    const acknowledged = recorder.takeAcknowledged();
    if (acknowledged) {
      const seconds = (performance.now() - startedAt) / 1000;
      yield {
        type: 'progress',
        session: session.id,
        frames: acknowledged.frames,
        ...(totalFrames !== undefined && { totalFrames }),
        keyframes: acknowledged.keyframes,
        lost: acknowledged.lost,
        ...(acknowledged.dropped !== undefined && { dropped: acknowledged.dropped }),
        ptsMicros: acknowledged.lastPtsMicros,
        framesPerSecond: (acknowledged.frames - framesBefore) / seconds,
      };
    }
    if (signal.aborted) {
      break;
    }
  }

  // Nobody can wait for the end of what is live: to stop it is to complete it, with all that belongs to that.
  const completes = source.info.kind === 'live' && recorder.frames > 0;
  if (signal.aborted && !completes) {
    await recorder.pause();
    yield { type: 'failed', session: session.id, error: cancelled };
    return;
  }
  if (recorder.frames === 0) {
    const nothing = lociError(
      'source-empty',
      `${session.sourcePath} holds no readable frame`,
      'Check that it plays elsewhere.',
      {
        file: session.sourcePath,
      },
    );
    yield { type: 'failed', session: session.id, error: ended ?? nothing };
    return;
  }
  if (ended) {
    yield warn(recorder, ended);
  }
  const told = recorder.warnings.length;
  const finishing = completes ? new AbortController().signal : signal;
  const done = await recorder.finish(ended ? 'partial' : 'complete', source.info, finishing);
  for (const warning of done.warnings.slice(told)) {
    yield { type: 'warning', session: session.id, warning };
  }
  yield summarise(done, (performance.now() - startedAt) / 1000, done.frames - framesBefore);
}

const warn = (recorder: Recorder, warning: LociError): IngestEvent => {
  recorder.warn(warning);
  return { type: 'warning', session: recorder.session.id, warning };
};

/** A recording is called after its file, what is live after the time at which it was seen. */
const nameOf = (path: string): string =>
  isLive(path)
    ? `live-${new Date().toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')}`
    : basename(path, extname(path));

/** Finds the session to go on with, or makes a new one. A recording of the same name that is another one is refused. */
const begin = async (
  library: Library,
  request: IngestRequest,
  poses: PoseProvider,
  id: string,
  name: string,
  info: SourceInfo,
): Promise<Result<{ session: Session; checkpoint?: Checkpoint }>> => {
  const intrinsics = intrinsicsOf(info);
  if (!intrinsics.ok) {
    return intrinsics;
  }
  const fingerprint = fingerprintOf(info, request, poses);
  const known = await library.session(id);
  if (known.ok) {
    if (known.value.sourceFingerprint !== fingerprint) {
      return failure(
        lociError(
          'session-exists',
          `The session ${id} was made from another recording or with other options (${known.value.sourcePath})`,
          'Choose another name with --session.',
        ),
      );
    }
    const bytes = known.value.status === 'ingesting' ? await library.checkpoint(id) : undefined;
    const checkpoint = bytes && decodeCheckpoint(bytes);
    return success({ session: known.value, ...(checkpoint && { checkpoint }) });
  }
  const now = Date.now();
  return success({
    session: {
      id,
      environment: request.environment,
      name,
      sourceKind: info.kind,
      sourcePath: info.path,
      sourceFingerprint: fingerprint,
      sourceOptions: request.source,
      poses: request.poses,
      memory: request.memory,
      status: 'ingesting',
      scale: info.hasDepth || poses.isMetric ? 'metric' : 'arbitrary',
      width: info.width,
      height: info.height,
      intrinsics: intrinsics.value,
      ...(info.lens && { lens: info.lens }),
      ...(info.depthIntrinsics && { depthIntrinsics: info.depthIntrinsics }),
      intrinsicsKnown: info.intrinsics !== undefined,
      frameRate: info.frameRate,
      frames: 0,
      keyframes: 0,
      tracked: 0,
      lost: 0,
      firstPtsMicros: 0,
      lastPtsMicros: 0,
      createdAtMillis: now,
      updatedAtMillis: now,
      warnings: [],
    },
  });
};

/** Depth without intrinsics would give a wrong metric map in silence, so it is refused; a plain video may be guessed. */
const intrinsicsOf = (info: SourceInfo): Result<Intrinsics> => {
  if (info.intrinsics) {
    return success(info.intrinsics);
  }
  if (info.hasDepth) {
    return failure(
      lociError(
        'intrinsics-missing',
        `${info.path} has depth images but no camera-intrinsics.txt`,
        'Pass --intrinsics fx,fy,cx,cy in pixels, or put a 3×3 matrix into camera-intrinsics.txt.',
        { file: info.path },
      ),
    );
  }
  return success(info.likelyIntrinsics ?? guessIntrinsics(info.width, info.height));
};

/** The same recording read in the same way. */
const fingerprintOf = (info: SourceInfo, request: IngestRequest, provider: PoseProvider): string => {
  const { source, poses, cameraHeightMetres, memory } = request;
  const options = JSON.stringify({ source, poses, cameraHeightMetres, memory });
  return createHash('sha256')
    .update(`${info.fingerprint}${provider.fingerprint ?? ''}\n${options}`)
    .digest('hex')
    .slice(0, 32);
};

const summarise = (session: Session, elapsedSeconds: number, framesRead = 0): IngestSummary => ({
  type: 'summary',
  session: session.id,
  frames: session.frames,
  keyframes: session.keyframes,
  durationSeconds: (session.lastPtsMicros - session.firstPtsMicros) / 1e6,
  elapsedSeconds,
  framesPerSecond: elapsedSeconds > 0 ? framesRead / elapsedSeconds : 0,
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
  tracking: { tracked: session.tracked, lost: session.lost },
  ...(session.dropped !== undefined && { dropped: session.dropped }),
  scale: session.scale,
});
