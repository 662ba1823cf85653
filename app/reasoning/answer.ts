import type { Vector3 } from '../contract/geometry.ts';
import type { Answer, Evidence } from '../contract/question.ts';
import type { SceneObject } from '../contract/scene.ts';
import type { FrameReference } from '../contract/session.ts';
import { callObject, knownLabels, type NamedObjects } from './names.ts';
import { joined, sentence } from './phrasing.ts';
import { type SceneMemory, worldFrameOf } from './scene-memory.ts';

const mostEvidenceFrames = 8;

/** The frames that show the objects best: the best of each first, no frame twice, at most eight. */
export const evidenceOf = (objects: readonly SceneObject[], first: readonly FrameReference[] = []): Evidence => {
  const frames = new Map<string, FrameReference>();
  const offer = (frame: FrameReference | undefined): void => {
    if (frame && frames.size < mostEvidenceFrames) {
      frames.set(`${frame.sessionId}@${frame.ptsMicros}`, frame);
    }
  };
  first.forEach(offer);
  const rounds = Math.max(0, ...objects.map(({ evidence }) => evidence.length));
  for (let round = 0; round < rounds && frames.size < mostEvidenceFrames; round++) {
    for (const { evidence } of objects) {
      offer(evidence[round]);
    }
  }
  return { frames: [...frames.values()], objectIds: objects.map(({ id }) => id) };
};

/** How far a name that was only matched in part is trusted. */
const nameTrust: Record<NamedObjects['match'], number> = {
  label: 1,
  id: 1,
  synonym: 0.95,
  general: 0.9,
  specific: 0.7,
};

/** What an answer can be trusted as far as its objects and the way their names were found go: the weakest of them. */
export const confidenceIn = (objects: readonly SceneObject[], names: readonly NamedObjects[] = []): number =>
  Math.min(1, ...objects.map(({ confidence }) => confidence)) *
  Math.min(1, ...names.map(({ match }) => nameTrust[match]));

/** Says how names were understood, where that is not plain. */
export const explainNames = (names: readonly NamedObjects[]): string => {
  const taken = names
    .filter(({ match }) => match === 'synonym' || match === 'general' || match === 'specific')
    .map(
      ({ name, objects }) =>
        `"${name}" was taken to mean ${joined(
          knownLabels(objects).map((label) => `"${label}"`),
          'or',
        )}`,
    );
  return taken.length === 0 ? '' : ` ${sentence(joined(taken))}`;
};

/** What an answer is made of, beyond what follows from its objects. */
export interface AnswerParts {
  readonly kind: string;
  readonly text: string;
  readonly because: string;
  /** What it rests on. */
  readonly objects: readonly SceneObject[];
  readonly names?: readonly NamedObjects[];
  /** Frames to show before those of the objects. */
  readonly frames?: readonly FrameReference[];
  readonly value?: number | string;
  readonly unit?: string;
  readonly choice?: string;
  readonly position?: Vector3;
  /** Factor 0 … 1 on the trust in the objects, for a decision that was close. */
  readonly certainty?: number;
  readonly alternatives?: Answer['alternatives'];
}

/** An answer that memory holds. */
export const answered = ({
  kind,
  text,
  because,
  objects,
  names = [],
  frames = [],
  certainty = 1,
  alternatives = [],
  ...value
}: AnswerParts): Answer => ({
  status: 'answered',
  kind,
  text: sentence(text),
  ...value,
  confidence: Number((confidenceIn(objects, names) * certainty).toFixed(3)),
  evidence: evidenceOf(objects, frames),
  alternatives,
  because: `${sentence(because)}${explainNames(names)}`,
});

/** Memory does not hold the answer. `alternatives` are names that would have one. */
export const cannotTell = (
  kind: string | undefined,
  text: string,
  because: string,
  alternatives: Answer['alternatives'] = [],
): Answer => ({
  status: 'cannot-tell',
  ...(kind === undefined ? {} : { kind }),
  text: sentence(text),
  confidence: 0,
  evidence: { frames: [], objectIds: [] },
  alternatives,
  because: sentence(because),
});

/** A name that nothing in memory bears; lists what is there. */
export const unknownName = (kind: string, name: string, memory: SceneMemory): Answer => {
  const labels = knownLabels(memory.objects);
  const shown = labels.slice(0, 12);
  const known =
    labels.length === 0
      ? 'no objects are known yet'
      : `known here: ${shown.join(', ')}${labels.length > shown.length ? ` and ${labels.length - shown.length} more` : ''}`;
  return cannotTell(
    kind,
    `I do not know of any "${name}" in ${memory.environment}; ${known}`,
    'No object in memory has this name, one like it, or a more special one',
    labels.map((label) => ({ label })),
  );
};

/** A name that fits several things where one is meant. `each` says what the answer would be for each of them. */
export const ambiguous = (
  kind: string,
  named: NamedObjects,
  memory: SceneMemory,
  each: (object: SceneObject) => string | undefined,
): Answer => {
  const candidates = named.objects;
  const described = candidates.slice(0, 8).map((object) => {
    const detail = each(object);
    return detail === undefined
      ? callObject(object, memory.objects)
      : `${callObject(object, memory.objects)} ${detail}`;
  });
  const rest = candidates.length > described.length ? [`${candidates.length - described.length} more`] : [];
  return {
    status: 'ambiguous',
    kind,
    text: sentence(`"${named.name}" could be any of ${candidates.length}: ${joined([...described, ...rest])}`),
    confidence: 0,
    evidence: evidenceOf(candidates),
    alternatives: candidates.map(({ label, id }) => ({ label, objectId: id })),
    because: `Several objects have this name; ask again with an id such as "${candidates[0]?.id ?? ''}", or say "the nearest".`,
  };
};

/** Refuses lengths where the scale of a scene is unknown. */
export const arbitraryScale = (kind: string, what: string): Answer =>
  cannotTell(
    kind,
    `I cannot give ${what}: the scale of this recording is not known`,
    'The recording has neither depth nor a known length, so its unit of length is arbitrary; comparisons such as "which is closest" still hold',
  );

/** Refuses to compare places that were never brought into one coordinate frame. */
export const unaligned = (kind: string, a: SceneObject, b: SceneObject, memory: SceneMemory): Answer =>
  cannotTell(
    kind,
    `I cannot compare the places of ${callObject(a, memory.objects)} and ${callObject(b, memory.objects)}: they were seen in sessions that are not aligned`,
    `Their coordinates belong to different world frames (${worldFrameOf(a, memory) ?? '-'} and ${worldFrameOf(b, memory) ?? '-'})`,
  );
