import { z } from 'zod';
import type { SceneObject } from '../../contract/scene.ts';
import { distanceBetweenBoxes } from '../../scene/box-distance.ts';
import { ambiguous, answered, arbitraryScale, cannotTell, unaligned } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject, type NamedObjects } from '../names.ts';
import { digits, thousandths } from '../phrasing.ts';
import { type SceneMemory, shareWorldFrame } from '../scene-memory.ts';
import { someNamed } from '../subject.ts';
import { inUnit, lengthUnits, unitAskedFor } from '../units.ts';
import { asksForClosestInstance, nameIn, namesIn, withoutClosest } from '../wording.ts';

const schema = z.object({
  kind: z.literal('distance'),
  from: z.string(),
  to: z.string(),
  unit: z.enum(lengthUnits),
  /** Take the nearest instances where a name fits several things. */
  closestInstance: z.boolean(),
});
type DistanceQuery = z.infer<typeof schema>;

const tail = String.raw`(?: \(?in [a-z]+\)?)?(?: \.? .*)?$`;

const patterns = [
  new RegExp(String.raw`\bdistance (?:is there )?between (?<pair>.+? and .+?)${tail}`),
  new RegExp(String.raw`\bdistance (?:from|of) (?<from>.+?) (?:to|from) (?<to>.+?)${tail}`),
  new RegExp(
    String.raw`^how (?:far|close|near) (?:apart|away from each other|from each other|to each other) (?:are|is) (?<pair>.+?)${tail}`,
  ),
  new RegExp(
    String.raw`^how (?:far|close|near)(?: away)? (?:is|are) (?<pair>.+? and .+?) (?:apart|from each other|from one another|to each other)${tail}`,
  ),
  new RegExp(String.raw`^how (?:far|long)(?: away)? is it from (?<from>.+?) to (?<to>.+?)${tail}`),
  new RegExp(
    String.raw`^how (?:far|close|near)(?: away)? (?!is |are )(?<from>.+?) (?:is|are)(?: away)? (?:from|to) (?<to>.+?)${tail}`,
  ),
  new RegExp(
    String.raw`^how (?:far|close|near|many [a-z]+)(?: away)?(?: (?:is|are|does|do|was|were))? (?<from>.+?)(?: (?:located|placed|positioned|standing|stand|stands|lie|lies|away))* (?:from|to) (?<to>.+?)${tail}`,
  ),
  new RegExp(
    String.raw`^how (?:much|many) (?:space|room|[a-z]+)(?: (?:is|are)(?: there)?)? between (?<pair>.+? and .+?)${tail}`,
  ),
  new RegExp(String.raw`^(?:measure|distance)(?: the distance)?(?: from)? (?<from>.+?) (?:to|from) (?<to>.+?)${tail}`),
];

interface Measured {
  readonly from: SceneObject;
  readonly to: SceneObject;
  readonly distance: number;
}

/** Every pair of instances that can be measured, nearest first. */
const measurePairs = (from: readonly SceneObject[], to: readonly SceneObject[], memory: SceneMemory): Measured[] =>
  from
    .flatMap((a) =>
      to
        .filter((b) => a !== b && shareWorldFrame(a, b, memory))
        .map((b) => ({ from: a, to: b, distance: distanceBetweenBoxes(a, b) })),
    )
    .sort((a, b) => a.distance - b.distance);

/** Two names that mean the same two things, such as "the two chairs". */
const isPairOfOneKind = (from: NamedObjects, to: NamedObjects): boolean =>
  from.objects.length === 2 && to.objects.length === 2 && from.objects.every((each) => to.objects.includes(each));

/** How far two things are apart, between their nearest surfaces. */
export const distanceKind: QuestionKind<DistanceQuery> = {
  schema,
  example: 'How far is the mug from the kettle?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    if (!groups) {
      return undefined;
    }
    const pair = groups['pair'] === undefined ? undefined : namesIn(groups['pair']);
    const [first = '', second = ''] = pair
      ? [pair[0], pair[1] ?? pair[0]?.replace(/^(?:two|both) /, '')]
      : [nameIn(groups['from'] ?? ''), nameIn(groups['to'] ?? '')];
    const from = withoutClosest(first.replace(/^(?:two|both) /, ''));
    const to = withoutClosest(second);
    if (!from.name || !to.name) {
      return undefined;
    }
    return {
      kind: 'distance',
      from: from.name,
      to: to.name,
      unit: unitAskedFor(question) ?? 'm',
      closestInstance: from.closest || to.closest || asksForClosestInstance(question),
    };
  },

  describe: ({ from, to, unit, closestInstance }) =>
    `distance in ${unit} between the nearest surfaces of "${from}" and "${to}"${closestInstance ? ', nearest instances' : ''}`,

  answer({ from, to, unit, closestInstance }, memory) {
    const first = someNamed('distance', from, memory);
    if (!first.ok) {
      return first.answer;
    }
    const second = someNamed('distance', to, memory);
    if (!second.ok) {
      return second.answer;
    }
    const names = [first.named, second.named];
    const all = names.flatMap(({ objects }) => objects);
    if (all.some(({ scale }) => scale === 'arbitrary')) {
      return arbitraryScale('distance', `a distance in ${unit}`);
    }
    const [nearest] = measurePairs(first.named.objects, second.named.objects, memory);
    if (!nearest) {
      const [a, b] = [first.named.objects[0], second.named.objects[0]];
      return a && b && a !== b
        ? unaligned('distance', a, b, memory)
        : cannotTell('distance', `"${from}" and "${to}" are the same thing here`, 'Both names fit one object only');
    }
    const several = names.find(({ objects }) => objects.length > 1);
    const written = (distance: number): string => `${digits(inUnit(distance, unit))} ${unit}`;
    if (several && !closestInstance && !isPairOfOneKind(first.named, second.named)) {
      const other = several === first.named ? second.named : first.named;
      return ambiguous('distance', several, memory, (object) => {
        const [measured] = measurePairs([object], other.objects, memory);
        return measured && `(${written(measured.distance)} from ${callObject(measured.to, memory.objects)})`;
      });
    }
    const [a, b] = [nearest.from, nearest.to].map((object) => callObject(object, memory.objects));
    return answered({
      kind: 'distance',
      text:
        nearest.distance === 0
          ? `${a} and ${b} touch: the distance is 0 ${unit}`
          : `${a} is ${written(nearest.distance)} from ${b}`,
      value: thousandths(inUnit(nearest.distance, unit)),
      unit,
      objects: [nearest.from, nearest.to],
      names,
      because: `Measured between the nearest surfaces of the two boxes${several && closestInstance ? ', taking the nearest instances of each name' : ''}`,
    });
  },
};
