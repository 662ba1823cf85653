import { writeFile, rename } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { lociError } from '../../contract/errors.ts';
import { sessionId, type Session } from '../../contract/session.ts';
import type { Engine } from '../../engine/engine.ts';
import { toPly, toTum } from '../../engine/export.ts';
import { CommandFailure, printJson, printLine } from '../output.ts';
import { chooseEnvironment, openEngine, withEnvironment, type EnvironmentOptions } from '../options.ts';

interface ExportOptions extends EnvironmentOptions {
  readonly out: string;
  readonly format: string;
  readonly session?: string;
}

/** Writes the whole file or none. */
const writeOut = async (options: ExportOptions, contents: string | Uint8Array, what: string): Promise<void> => {
  if (options.out === '-') {
    process.stdout.write(contents);
    return;
  }
  const partial = `${options.out}.part`;
  await writeFile(partial, contents);
  await rename(partial, options.out);
  if (options.json) {
    printJson({ type: 'export', what, file: options.out, bytes: Buffer.byteLength(contents) });
  } else {
    printLine(`${what} written to ${options.out}.`);
  }
};

const sessionsOf = async (engine: Engine, options: ExportOptions): Promise<Session[]> => {
  const environment = await chooseEnvironment(engine, options);
  if (options.session === undefined) {
    return engine.library.sessions(environment);
  }
  const session = await engine.library.session(sessionId(environment, options.session));
  if (!session.ok) {
    throw new CommandFailure(session.error);
  }
  return [session.value];
};

const oneSession = async (engine: Engine, options: ExportOptions): Promise<Session> => {
  const [session, ...others] = await sessionsOf(engine, options);
  if (!session || others.length > 0) {
    throw new CommandFailure(
      lociError(
        'bad-usage',
        session ? 'The environment has several sessions' : 'The environment has no session',
        session
          ? `Choose with --session: ${[session, ...others].map(({ name }) => name).join(', ')}.`
          : 'Ingest one first.',
      ),
    );
  }
  return session;
};

const exporter = (name: string, description: string, formats: readonly [string, ...string[]]): Command =>
  withEnvironment(new Command(name).description(description))
    .addOption(new Option('--format <format>', 'file format').choices(formats).default(formats[0]))
    .requiredOption('--out <file>', 'file to write, or - for standard output');

/** JSON for people and programs: indented, with each list of numbers on one line. */
const readableJson = (value: unknown): string =>
  `${JSON.stringify(value, undefined, 2).replace(/\[\n[\s\d.,eE+-]+\]/g, (list) => list.replace(/\s+/g, ' ').replace(/\[ | \]/g, (end) => end.trim()))}\n`;

/** `loci export`: trajectory, points, scene. */
export const exportCommand = (): Command => {
  const command = new Command('export').description('write what the library holds for other tools');

  command.addCommand(
    exporter('trajectory', 'camera poses of a session: seconds of PTS, camera-to-world', ['tum'])
      .option('--session <name>', 'recording; not needed when there is one only')
      .action(async (options: ExportOptions) => {
        await using engine = await openEngine(options, 'read');
        const session = await oneSession(engine, options);
        const text = toTum(await engine.library.frames(session.id));
        if (text === '') {
          throw new CommandFailure(
            lociError(
              'nothing-to-export',
              `No frame of ${session.id} has a pose`,
              'The camera was never located; see `loci sessions`.',
            ),
          );
        }
        await writeOut(options, text, `The trajectory of ${session.id}`);
      }),
  );

  command.addCommand(
    exporter('points', 'coloured map points of a session', ['ply'])
      .option('--session <name>', 'recording; not needed when there is one only')
      .action(async (options: ExportOptions) => {
        await using engine = await openEngine(options, 'read');
        const session = await oneSession(engine, options);
        const cloud = await engine.points(session.id);
        if (cloud.positions.length === 0) {
          throw new CommandFailure(
            lociError(
              'nothing-to-export',
              `${session.id} has no map points`,
              'Points are there when its ingest is complete.',
            ),
          );
        }
        await writeOut(options, toPly(cloud), `The points of ${session.id}`);
      }),
  );

  command.addCommand(
    exporter('scene', 'objects and relations of an environment (docs/formats.md)', ['json']).action(
      async (options: ExportOptions) => {
        await using engine = await openEngine(options, 'read');
        const scene = await engine.exportScene(await chooseEnvironment(engine, options));
        if (!scene.ok) {
          throw new CommandFailure(scene.error);
        }
        await writeOut(options, readableJson(scene.value), 'The scene');
      },
    ),
  );
  return command;
};
