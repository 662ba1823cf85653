import { Command } from 'commander';
import { sessionId } from '../../contract/session.ts';
import { CommandFailure, formatTime, printJson, printLine, printTable } from '../output.ts';
import {
  chooseEnvironment,
  openEngine,
  withEnvironment,
  withLibrary,
  type EnvironmentOptions,
  type LibraryOptions,
} from '../options.ts';

type Cell = string | number;

/** Prints rows as JSON lines or as a table, or says that there are none. */
const printRows = <T>(
  rows: readonly T[],
  json: boolean | undefined,
  header: readonly string[],
  toCells: (row: T) => readonly Cell[],
  nothing: string,
): void => {
  if (json) {
    rows.forEach(printJson);
  } else if (rows.length === 0) {
    printLine(nothing);
  } else {
    printTable(header, rows.map(toCells));
  }
};

/** `loci environments`. */
export const environmentsCommand = (): Command =>
  withLibrary(new Command('environments').description('list the places of a library')).action(
    async (options: LibraryOptions) => {
      await using engine = await openEngine(options, 'read');
      printRows(
        await engine.library.environments(),
        options.json,
        ['environment', 'sessions', 'objects'],
        ({ name, sessions, objects }) => [name, sessions, objects],
        'No environments yet.',
      );
    },
  );

/** `loci sessions`. */
export const sessionsCommand = (): Command =>
  withEnvironment(new Command('sessions').description('list the recordings of a library')).action(
    async (options: EnvironmentOptions) => {
      await using engine = await openEngine(options, 'read');
      printRows(
        await engine.library.sessions(options.environment),
        options.json,
        ['session', 'status', 'frames', 'keyframes', 'tracked', 'lost', 'scale', 'source'],
        (session) => [
          session.id,
          session.status,
          session.frames,
          session.keyframes,
          session.tracked,
          session.lost,
          session.scale,
          session.sourcePath,
        ],
        'No sessions yet.',
      );
    },
  );

/** `loci objects`. */
export const objectsCommand = (): Command =>
  withEnvironment(new Command('objects').description('list the objects of a place')).action(
    async (options: EnvironmentOptions) => {
      await using engine = await openEngine(options, 'read');
      const environment = await chooseEnvironment(engine, options);
      printRows(
        await engine.library.objects(environment),
        options.json,
        ['object', 'label', 'x', 'y', 'z', 'size', 'views', 'confidence'],
        (object) => [
          object.id,
          object.label,
          ...object.center.map((metres) => metres.toFixed(2)),
          object.axesLengths.map((metres) => metres.toFixed(2)).join(' × '),
          object.observations,
          `${Math.round(object.confidence * 100)} %`,
        ],
        'No objects yet. Label some with `loci label import`.',
      );
    },
  );

/** `loci keyframes`. */
export const keyframesCommand = (): Command =>
  withEnvironment(new Command('keyframes').description('list the kept frames of a place or of one session'))
    .option('--session <name>', 'of this recording only')
    .action(async (options: EnvironmentOptions & { session?: string }) => {
      await using engine = await openEngine(options, 'read');
      const environment = await chooseEnvironment(engine, options);
      let sessions = await engine.library.sessions(environment);
      if (options.session !== undefined) {
        const session = await engine.library.session(sessionId(environment, options.session));
        if (!session.ok) {
          throw new CommandFailure(session.error);
        }
        sessions = [session.value];
      }
      const keyframes = await Promise.all(sessions.map(({ id }) => engine.library.keyframes(id)));
      printRows(
        keyframes.flat(),
        options.json,
        ['session', 'time', 'frame', 'kept for', 'tracking', 'depth'],
        (keyframe) => [
          keyframe.sessionId,
          formatTime(keyframe.ptsMicros),
          keyframe.index,
          keyframe.reason,
          keyframe.tracking,
          keyframe.hasDepth ? 'yes' : 'no',
        ],
        'No keyframes yet.',
      );
    });
