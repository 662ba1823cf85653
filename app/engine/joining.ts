import { lociError, type LociError } from '../contract/errors.ts';
import type { Similarity } from '../contract/geometry.ts';
import { worldOf, type Session } from '../contract/session.ts';
import { composeSimilarities } from '../geometry/similarity.ts';
import { SessionMap } from '../geometry/session-map.ts';
import type { Library } from '../memory/library.ts';

/** What the earlier sessions of its environment say of a session: its place in their world, or that it was not found. */
export interface Joining {
  readonly session: Session;
  readonly warning?: LociError;
}

/**
 * Looks for the places of a session among those of earlier sessions of its environment, and sets it into the world of
 * the first one that knows them; a metric one gives its scale to a monocular session. A metric session is not joined to
 * one of arbitrary scale, since it would lose its metres. Without earlier sessions it stays as it is.
 */
export const joinSession = async (
  library: Library,
  session: Session,
  map: SessionMap,
  signal: AbortSignal,
): Promise<Joining> => {
  const others = (await library.sessions(session.environment)).filter(
    ({ id, status, scale }) =>
      id !== session.id && status !== 'ingesting' && (scale === 'metric' || session.scale === 'arbitrary'),
  );
  let compared = 0;
  // Sessions in metres first, and of those the earliest.
  for (const other of others.toSorted((a, b) => Number(b.scale === 'metric') - Number(a.scale === 'metric'))) {
    const known = SessionMap.restore(other.scale, await library.views(other.id));
    if (!known.ok) {
      continue;
    }
    using otherMap = known.value;
    if (otherMap.views().length === 0) {
      continue;
    }
    compared++;
    const otherFromTracked = await map.locateIn(otherMap, signal);
    if (otherFromTracked) {
      const worldFromTracked: Similarity = other.worldFromTracked
        ? composeSimilarities(other.worldFromTracked, otherFromTracked)
        : otherFromTracked;
      return { session: { ...session, scale: other.scale, worldFromTracked, sharesWorldOf: worldOf(other) } };
    }
  }
  return compared === 0 ? { session } : { session, warning: notFound(session) };
};

const notFound = (session: Session): LociError =>
  lociError(
    'place-not-recognised',
    `No place of ${session.sourcePath} was recognised in the earlier sessions of ${session.environment}; it has a world of its own`,
    'Film a part that an earlier session shows, from a similar side, to measure across sessions.',
    { file: session.sourcePath },
  );
