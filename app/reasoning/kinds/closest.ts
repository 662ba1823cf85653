import { z } from 'zod';
import type { SceneObject } from '../../contract/scene.ts';
import { distanceBetweenBoxes } from '../../scene/box-distance.ts';
import { ambiguous, answered, cannotTell } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject, type NamedObjects } from '../names.ts';
import { joined, metres } from '../phrasing.ts';
import { type SceneMemory, shareWorldFrame } from '../scene-memory.ts';
import { someNamed } from '../subject.ts';
import { asksForClosestInstance, nameIn, namesIn, withoutClosest } from '../wording.ts';

const schema = z.object({
  kind: z.literal('closest'),
  to: z.string(),
  /** What to choose from; everything when empty. */
  among: z.array(z.string()),
  extreme: z.enum(['closest', 'farthest']),
  /** Measure from the nearest instance where `to` fits several things. */
  closestInstance: z.boolean(),
});
type ClosestQuery = z.infer<typeof schema>;

const extreme = String.raw`(?:the )?(?<extreme>closest|closer|nearest|nearer|farthest|furthest|farther|further|most distant|least distant)`;
const tail = String.raw`(?: \. .*)?$`;
const relatedTo = String.raw`(?:to|from|of)`;

const patterns = [
  // VSI-Bench: which of these objects (a, b, c) is the closest to the x?
  new RegExp(
    String.raw`\bwhich (?:one )?of (?:these|the following|the) (?:objects|things|items)? ?\((?<list>[^)]+)\) is ${extreme} ${relatedTo} (?<to>.+?)${tail}`,
  ),
  new RegExp(
    String.raw`\bwhich (?:one )?of (?<list>.+?) (?:is|are|lies|stands) ${extreme} ${relatedTo} (?<to>.+?)${tail}`,
  ),
  new RegExp(
    String.raw`\b(?:which|what)(?: one| object| thing| of these| of them)? is ${extreme} ${relatedTo} (?<to>[^:,;]+?)[,:;] ?(?<list>.+?)${tail}`,
  ),
  new RegExp(
    String.raw`\bout of (?<list>.+?),? (?:which|what)(?: one| object)? is ${extreme} ${relatedTo} (?<to>.+?)${tail}`,
  ),
  new RegExp(
    String.raw`\b(?:among|between|of) (?<list>.+?), (?:which|what)(?: one| object)? is ${extreme} ${relatedTo} (?<to>.+?)${tail}`,
  ),
  new RegExp(String.raw`^is (?<list>.+? or .+?) ${extreme} ${relatedTo} (?<to>.+?)${tail}`),
  new RegExp(String.raw`^is (?<first>.+?) ${extreme} ${relatedTo} (?<to>.+?) than (?<second>.+?)${tail}`),
  new RegExp(String.raw`^is (?<to>.+?) ${extreme} ${relatedTo} (?<list>.+? or .+?)${tail}`),
  new RegExp(
    String.raw`^(?:which|what) (?:other )?(?<one>.+?) (?:is|are|lies|stands) ${extreme} ${relatedTo} (?<to>.+?)${tail}`,
  ),
  new RegExp(String.raw`^(?:which|what) is ${extreme} (?<one>[a-z -]+?) ${relatedTo} (?<to>.+?)${tail}`),
  new RegExp(String.raw`^(?:which|what) is ${extreme}(?: (?:object|thing|item|one))? ${relatedTo} (?<to>.+?)${tail}`),
  new RegExp(String.raw`^(?:which|what) (?:is|does) (?<to>.+?) ${extreme} ${relatedTo}${tail}`),
  new RegExp(String.raw`^${extreme} (?<one>[a-z -]+?) ${relatedTo} (?<to>.+?)${tail}`),
  new RegExp(String.raw`^(?:what|which)(?: object| thing)? is ${extreme} (?<to>.+?)${tail}`),
];

const anything = /^(?:objects?|things?|items?|one|ones|furniture|piece of furniture|of these|of them)$/;

interface Choice {
  /** As it was said, or the name of the object where nothing was said. */
  readonly said: string;
  readonly object: SceneObject;
  readonly from: SceneObject;
  readonly distance: number;
}

/** The nearest two instances of two sets of objects in one world frame. */
const nearestOf = (
  objects: readonly SceneObject[],
  anchors: readonly SceneObject[],
  memory: SceneMemory,
): Omit<Choice, 'said'> | undefined =>
  anchors
    .flatMap((from) =>
      objects
        .filter((object) => object !== from && object.scale === from.scale && shareWorldFrame(object, from, memory))
        .map((object) => ({ object, from, distance: distanceBetweenBoxes(object, from) })),
    )
    .reduce<Omit<Choice, 'said'> | undefined>(
      (least, each) => (least && least.distance <= each.distance ? least : each),
      undefined,
    );

/** Candidates: the names that were given, each by its nearest instance; or every instance of one name; or everything. */
const choicesAmong = (
  names: readonly NamedObjects[],
  anchors: readonly SceneObject[],
  memory: SceneMemory,
): Choice[] => {
  const single = names.length < 2;
  const pool = single
    ? (names[0]?.objects ?? memory.objects)
        .filter((object) => !anchors.includes(object))
        .map((object) => ({ said: callObject(object, memory.objects).replace(/^the /, ''), objects: [object] }))
    : names.map(({ name, objects }) => ({ said: name, objects }));
  return pool.flatMap(({ said, objects }) => {
    const nearest = nearestOf(objects, anchors, memory);
    return nearest ? [{ said, ...nearest }] : [];
  });
};

/** Less than this apart, in metres or in shares of the distance, and the choice is close. */
const closeCall = 0.05;

const certaintyOf = (first: Choice, second: Choice | undefined): number => {
  if (!second) {
    return 1;
  }
  const gap = Math.abs(second.distance - first.distance);
  const scale = first.object.scale === 'metric' ? closeCall : closeCall * Math.max(first.distance, second.distance);
  return gap >= 3 * scale ? 1 : 0.5 + gap / (6 * Math.max(scale, 1e-9));
};

/** Which of several things is closest to, or farthest from, another. */
export const closestKind: QuestionKind<ClosestQuery> = {
  schema,
  example: 'Which is closest to the kettle: the mug, the bowl or the lamp?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const to = withoutClosest(nameIn(groups?.['to'] ?? ''));
    if (!groups || !to.name || groups['extreme'] === undefined) {
      return undefined;
    }
    const { list, one, first, second } = groups;
    const said = list ? namesIn(list) : [first ?? one ?? '', second ?? ''].map(nameIn).filter(Boolean);
    return {
      kind: 'closest',
      to: to.name,
      among: said.filter((name) => !anything.test(name)),
      extreme: /^(?:far|fur|most)/.test(groups['extreme']) ? 'farthest' : 'closest',
      closestInstance: to.closest || asksForClosestInstance(question),
    };
  },

  describe: ({ to, among, extreme: which }) =>
    `which of ${among.length === 0 ? 'all objects' : among.map((name) => `"${name}"`).join(', ')} is ${which} to "${to}", between nearest surfaces`,

  answer({ to, among, extreme: which, closestInstance }, memory) {
    const anchor = someNamed('closest', to, memory);
    if (!anchor.ok) {
      return anchor.answer;
    }
    const named: NamedObjects[] = [];
    for (const name of among) {
      const found = someNamed('closest', name, memory);
      if (!found.ok) {
        return found.answer;
      }
      named.push(found.named);
    }
    const rank = (anchors: readonly SceneObject[]): Choice[] =>
      choicesAmong(named, anchors, memory).sort((a, b) =>
        which === 'closest' ? a.distance - b.distance : b.distance - a.distance,
      );
    const anchors = anchor.named.objects;
    if (anchors.length > 1 && !closestInstance) {
      return ambiguous('closest', anchor.named, memory, (object) => {
        const [best] = rank([object]);
        return best && `(${which}: ${callObject(best.object, memory.objects)})`;
      });
    }
    const ranked = rank(anchors);
    const [best, next] = ranked;
    if (!best || (named.length > 1 && ranked.length < named.length)) {
      return cannotTell(
        'closest',
        `I cannot compare these with "${to}"`,
        'They are the same thing, or were seen in sessions that are not aligned',
      );
    }
    const length = (choice: Choice): string => (choice.object.scale === 'metric' ? metres(choice.distance) : '');
    const others = ranked.slice(1, 4).map((choice) => `${choice.said} ${length(choice)}`.trim());
    const [winner, place] = [best.object, best.from].map((object) => callObject(object, memory.objects));
    return answered({
      kind: 'closest',
      text: `${winner} is ${which} ${which === 'closest' ? 'to' : 'from'} ${place}${length(best) ? `, ${length(best)} away` : ''}${others.length > 0 ? ` (then ${joined(others)})` : ''}`,
      value: best.said,
      choice: best.said,
      objects: [best.object, best.from],
      names: [anchor.named, ...named],
      certainty: certaintyOf(best, next),
      alternatives: ranked.slice(1, 9).map(({ said, object }) => ({ label: said, objectId: object.id })),
      because: `Measured between nearest surfaces${named.some(({ objects }) => objects.length > 1) ? ', to the nearest instance of each name' : ''}${next && certaintyOf(best, next) < 1 ? '; it is a close call' : ''}`,
    });
  },
};
