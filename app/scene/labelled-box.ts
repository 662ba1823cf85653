import type { LabelDocument, Observation, SceneObject } from '../contract/scene.ts';
import type { LabelledSession } from './labelled-session.ts';

/** A label in the form that ids are made of: `Coffee Table` → `coffee-table`. */
export const slug = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '') || 'thing';

/** One box to lift, with what is known of which thing it shows. */
export interface LabelledBox {
  readonly observation: Observation;
  /** Boxes with the same value show the same thing: an instance that the annotator named, or an object known before. */
  readonly thing?: string;
}

/** The id of the object that an annotator's instance names: `chair-left` of `left`, and of `chair-left` itself. */
const instanceId = (label: string, instance: string): string =>
  slug(instance).startsWith(`${slug(label)}-`) ? slug(instance) : `${slug(label)}-${slug(instance)}`;

/**
 * The boxes of a document as observations. Ids follow from frame, label and instance (else the box's number among those
 * of its label on the frame), so that the same document gives the same observations, and a corrected box replaces the
 * one that it corrects.
 */
export const boxesOfDocument = (document: LabelDocument, session: LabelledSession): LabelledBox[] => {
  const numbers = new Map<string, number>();
  return document.frames.flatMap(({ ptsMicros, boxes }) =>
    boxes.map(({ label, box, instance }): LabelledBox => {
      const name = instance === undefined ? slug(label) : instanceId(label, instance);
      const base = `${session.id}@${ptsMicros}/${name}`;
      const number = (numbers.get(base) ?? 0) + 1;
      numbers.set(base, number);
      return {
        observation: {
          id: number === 1 ? base : `${base}/${number}`,
          sessionId: session.id,
          ptsMicros,
          label,
          box,
          source: document.annotator,
          confidence: 1,
        },
        ...(instance === undefined ? {} : { thing: instanceId(label, instance) }),
      };
    }),
  );
};

/** Earlier observations of the session that the document does not replace; they stay with the objects that they had. */
export const boxesOfObservations = (
  observations: readonly Observation[],
  replaced: readonly LabelledBox[],
  session: LabelledSession,
): LabelledBox[] => {
  const ids = new Set(replaced.map(({ observation }) => observation.id));
  return observations
    .filter(({ id, sessionId }) => sessionId === session.id && !ids.has(id))
    .map((observation) =>
      observation.objectId === undefined ? { observation } : { observation, thing: observation.objectId },
    );
};

/** The first free id for a label: `mug-1`, `mug-2`, … */
export const freeId = (label: string, taken: ReadonlySet<string>): string => {
  for (let number = 1; ; number++) {
    const id = `${slug(label)}-${number}`;
    if (!taken.has(id)) {
      return id;
    }
  }
};

/** Whether two labels name the same class. */
export const isSameLabel = (a: string, b: string): boolean => slug(a) === slug(b);

/** An object that a document's box may add to: of the same name and in the coordinates of the session. */
export const isKnownIn = (object: SceneObject, session: LabelledSession): boolean => {
  const seen = object.lastSeen ?? object.firstSeen;
  return seen === undefined || seen.sessionId === session.id;
};
