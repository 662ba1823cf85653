import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { lociError } from '../contract/errors.ts';
import type { Distortion } from '../contract/geometry.ts';
import { distortionOf } from '../media/distortion.ts';
import { sessionId } from '../contract/session.ts';
import type { Engine } from '../engine/engine.ts';
import { CommandFailure, printWarning } from './output.ts';

/** Options that every command on a library takes. */
export interface LibraryOptions {
  readonly library: string;
  readonly json?: boolean;
}

/** Options of commands about one environment. */
export interface EnvironmentOptions extends LibraryOptions {
  readonly environment?: string;
}

/** Adds `--library` and `--json`. */
export const withLibrary = (command: Command): Command =>
  command
    .option('--library <folder>', 'library to use', process.env['LOCI_LIBRARY'] ?? join(homedir(), 'loci'))
    .option('--json', 'one JSON object a line, for scripts');

/** Options of commands about one session. */
export interface SessionOptions extends EnvironmentOptions {
  readonly session?: string;
}

/** Adds `--environment` too. */
export const withEnvironment = (command: Command): Command =>
  withLibrary(command).option(
    '--environment <name>',
    'place that is meant; not needed when the library holds one only',
  );

/** Adds `--session` too. */
export const withSession = (command: Command): Command =>
  withEnvironment(command).option('--session <name>', 'recording that is meant; not needed when there is one only');

/** Reads a positive number. */
export const positiveNumber = (text: string): number => {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('It must be a number above 0.');
  }
  return value;
};

/** Collects an option that may be given several times. */
export const repeated = (text: string, before: readonly string[] | undefined): string[] => [...(before ?? []), text];

/** Reads a number that may be 0. */
export const nonNegativeNumber = (text: string): number => (text.trim() === '0' ? 0 : positiveNumber(text));

/** Reads a whole number above 0. */
export const positiveInteger = (text: string): number => {
  const value = positiveNumber(text);
  if (!Number.isInteger(value)) {
    throw new InvalidArgumentError('It must be a whole number above 0.');
  }
  return value;
};

/** Reads `n` numbers with commas between them. */
export const numbers = (text: string, n: number): number[] => {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (values.length !== n || !values.every(Number.isFinite)) {
    throw new InvalidArgumentError(`It must be ${n} numbers with commas between them.`);
  }
  return values;
};

/** Reads `fx,fy,cx,cy` in pixels. */
export const pinhole = (text: string): { fx: number; fy: number; cx: number; cy: number } => {
  const [fx = 0, fy = 0, cx = NaN, cy = NaN, ...rest] = text.split(',').map(Number);
  if (!(fx > 0) || !(fy > 0) || !Number.isFinite(cx + cy) || rest.length > 0) {
    throw new InvalidArgumentError('It must be fx,fy,cx,cy in pixels, such as 525,525,319.5,239.5.');
  }
  return { fx, fy, cx, cy };
};

/** Reads `brown-conrady:k1,k2,p1,p2[,k3[,k4,k5,k6]]` or `kannala-brandt:k1,k2,k3,k4`. */
export const distortion = (text: string): Distortion => {
  const [model = '', list = ''] = text.split(':');
  const read = distortionOf(model, list.split(',').map(Number));
  if (typeof read !== 'object') {
    throw new InvalidArgumentError(
      `It must be like brown-conrady:k1,k2,p1,p2,k3${read === undefined ? '' : `: ${read}`}.`,
    );
  }
  return read;
};

/**
 * Opens the engine on the library of a command. `read` opens beside another process that writes; `write-if-possible`
 * falls back to that with a warning, for commands whose answer matters more than its keeping.
 */
export const openEngine = async (
  options: LibraryOptions,
  mode: 'write' | 'read' | 'write-if-possible',
  create = false,
): Promise<Engine> => {
  // Loaded only now: the database and the decoders take a second that `--help` and usage errors need not wait for.
  const { Engine } = await import('../engine/engine.ts');
  const libraryFolder = resolve(options.library);
  const opened = await Engine.open({ libraryFolder, mode: mode === 'read' ? 'read' : 'write', create });
  if (opened.ok) {
    return opened.value;
  }
  const { code } = opened.error;
  if (mode === 'write-if-possible' && (code === 'library-locked' || code === 'library-read-only')) {
    const reading = await Engine.open({ libraryFolder, mode: 'read' });
    if (reading.ok) {
      printWarning({ ...opened.error, hint: 'The answer is given all the same, but not kept.' });
      return reading.value;
    }
  }
  throw new CommandFailure(opened.error);
};

/** The environment that a command means: the named one, or the only one. */
export const chooseEnvironment = async (engine: Engine, options: EnvironmentOptions): Promise<string> => {
  const names = (await engine.library.environments()).map(({ name }) => name);
  if (options.environment !== undefined) {
    if (names.includes(options.environment)) {
      return options.environment;
    }
    throw new CommandFailure(
      lociError(
        'environment-not-found',
        `The library ${engine.library.folder} has no environment "${options.environment}"`,
        names.length > 0 ? `It has: ${names.join(', ')}.` : 'It is empty; ingest a recording first.',
      ),
    );
  }
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) {
    return only;
  }
  throw new CommandFailure(
    only === undefined
      ? lociError('environment-not-found', `The library ${engine.library.folder} is empty`, 'Ingest a recording first.')
      : lociError(
          'bad-usage',
          'The library holds several environments',
          `Choose with --environment: ${names.join(', ')}.`,
        ),
  );
};

/** The session that a command means: the named one, or the only one of its environment. */
export const chooseSession = async (engine: Engine, options: SessionOptions): Promise<string> => {
  const environment = await chooseEnvironment(engine, options);
  if (options.session !== undefined) {
    return sessionId(environment, options.session);
  }
  const [only, ...others] = await engine.library.sessions(environment);
  if (only && others.length === 0) {
    return only.id;
  }
  throw new CommandFailure(
    only
      ? lociError(
          'bad-usage',
          `${environment} has several sessions`,
          `Choose with --session: ${[only, ...others].map(({ name }) => name).join(', ')}.`,
        )
      : lociError('session-not-found', `${environment} has no session`, 'Ingest a recording first.'),
  );
};
