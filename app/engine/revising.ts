import type { PointCloud } from '../contract/binary.ts';
import type { Revision } from '../contract/edit.ts';
import { failure, lociError, success, type Result } from '../contract/errors.ts';
import type { Vector3 } from '../contract/geometry.ts';
import type { Session } from '../contract/session.ts';
import { cameraPosition } from '../geometry/pose.ts';
import type { Library } from '../memory/library.ts';
import type { EditStep } from '../memory/tables.ts';
import { refreshRelations } from './scene.ts';

/** A session whose map may be edited. */
export interface Editable {
  readonly session: Session;
  readonly cloud: PointCloud;
}

/** The session and its map, or why it cannot be edited. */
export const openToEdits = async (library: Library, sessionId: string): Promise<Result<Editable>> => {
  const writable = checkWritable(library);
  if (!writable.ok) {
    return writable;
  }
  const found = await library.session(sessionId);
  if (!found.ok) {
    return found;
  }
  const session = found.value;
  if (session.status === 'ingesting') {
    return failure(
      lociError(
        'session-incomplete',
        `${sessionId} is not ingested to its end`,
        'Run its ingest again, which goes on where it ended, then edit.',
      ),
    );
  }
  const cloud = await library.points(sessionId);
  return success({ session, cloud: cloud ?? { positions: new Float32Array(), colours: new Uint8Array() } });
};

const checkWritable = (library: Library): Result<void> =>
  library.readOnly
    ? failure(
        lociError(
          'library-read-only',
          `The library ${library.folder} is open for reading only`,
          'Open it for writing.',
          { file: library.folder },
        ),
      )
    : success(undefined);

/** Where the camera of a session was at its keyframes, in world coordinates. */
export const camerasOf = async (library: Library, sessionId: string): Promise<Vector3[]> =>
  (await library.keyframes(sessionId)).flatMap(({ worldFromCamera }) =>
    worldFromCamera ? [cameraPosition(worldFromCamera)] : [],
  );

/** Adds one step to the edit log of an environment, and makes the relations follow. */
export const revise = async (
  library: Library,
  environment: string,
  makeStep: (revision: number) => EditStep,
  summary: string,
): Promise<Revision> => {
  const revision = await library.edits.add(environment, makeStep, summary);
  await follow(library, environment);
  return revision;
};

/** Takes back the last step that is in force. */
export const undo = (library: Library, environment: string): Promise<Result<Revision>> =>
  retract(library, environment, 'undo');

/** Does again what was undone last. */
export const redo = (library: Library, environment: string): Promise<Result<Revision>> =>
  retract(library, environment, 'redo');

const retract = async (library: Library, environment: string, kind: 'undo' | 'redo'): Promise<Result<Revision>> => {
  const writable = checkWritable(library);
  if (!writable.ok) {
    return writable;
  }
  const revision = await library.edits[kind](environment);
  if (!revision) {
    const message = `There is nothing to ${kind} in ${environment}`;
    const hint = kind === 'undo' ? 'Nothing was edited there yet.' : 'Only what was undone last can be redone.';
    return failure(lociError('nothing-to-undo', message, `${hint} See \`loci history\`.`));
  }
  await follow(library, environment);
  return success(revision);
};

/** The step is safe in the log: relations that could not be written are derived by whoever reads them. */
const follow = (library: Library, environment: string): Promise<void> =>
  refreshRelations(library, environment).catch(() => undefined);
