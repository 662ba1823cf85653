import { z } from 'zod';
import type { SceneObject } from '../../contract/scene.ts';
import { boxAxes } from '../../scene/box.ts';
import { answered, arbitraryScale } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject } from '../names.ts';
import { digits, thousandths } from '../phrasing.ts';
import { oneNamed } from '../subject.ts';
import { inUnit, type LengthUnit, lengthUnits, unitAskedFor } from '../units.ts';
import { nameIn } from '../wording.ts';

const measureSchema = z.enum(['longest', 'height', 'width', 'depth']);
const schema = z.object({
  kind: z.literal('size'),
  what: z.string(),
  measure: measureSchema,
  unit: z.enum(lengthUnits),
});
type SizeQuery = z.infer<typeof schema>;
type Measure = z.infer<typeof measureSchema>;

const measureWords: readonly (readonly [Measure, RegExp])[] = [
  ['longest', /longest|length|long\b|dimensions|\bsize|\bbig|\blarge/],
  ['height', /\b(?:tall|height|high)\b/],
  ['width', /\b(?:wide|width|broad)\b/],
  ['depth', /\b(?:deep|depth)\b/],
];

const tail = String.raw`(?:,? (?:measured |expressed )?\(?in [a-z]+\)?)?$`;

const patterns = [
  new RegExp(
    String.raw`^what is (?:the )?(?:length|size) of the (?:longest|largest) (?:dimension|side|edge)(?: \([^)]*\))? of (?<what>.+?)${tail}`,
  ),
  new RegExp(
    String.raw`^(?:what is |what are |give me )?(?:the )?(?:approximate |overall |physical )?(?<measure>sizes?|dimensions?|heights?|widths?|lengths?|depth|measurements|longest (?:side|dimension|edge)) of (?<what>.+?)${tail}`,
  ),
  new RegExp(String.raw`^how (?<measure>big|large|long|tall|high|wide|broad|deep) (?:is|are|was) (?<what>.+?)${tail}`),
  new RegExp(
    String.raw`^how many (?:centimet(?:er|re)s|met(?:er|re)s|cm|m|feet|inches|millimet(?:er|re)s) (?<measure>long|tall|high|wide|broad|deep) (?:is|are) (?<what>.+?)${tail}`,
  ),
];

/** Sides of a box as people name them: height along the vertical, width the longer of the others. */
const sidesOf = (object: SceneObject): Record<Measure, number> => {
  const axes = boxAxes(object);
  const sides = axes
    .map((axis, i) => ({ length: object.axesLengths[i] ?? 0, vertical: Math.abs(axis[2]) }))
    .sort((a, b) => b.vertical - a.vertical);
  const height = sides[0]?.length ?? 0;
  const flat = sides.slice(1).map(({ length }) => length);
  return { longest: Math.max(...object.axesLengths), height, width: Math.max(...flat), depth: Math.min(...flat) };
};

const adjectives: Record<Measure, string> = { longest: 'long', height: 'high', width: 'wide', depth: 'deep' };

const written = (metres: number, unit: LengthUnit): string =>
  unit === 'cm' || unit === 'mm'
    ? `${inUnit(metres, unit).toFixed(0)} ${unit}`
    : `${digits(inUnit(metres, unit))} ${unit}`;

/** How large a thing is. */
export const sizeKind: QuestionKind<SizeQuery> = {
  schema,
  example: 'How tall is the bookshelf?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const what = nameIn(groups?.['what'] ?? '');
    if (!groups || !what) {
      return undefined;
    }
    const measure = measureWords.find(([, words]) => words.test(groups['measure'] ?? 'longest'))?.[0] ?? 'longest';
    return { kind: 'size', what, measure, unit: unitAskedFor(question) ?? 'm' };
  },

  describe: ({ what, measure, unit }) => `${measure === 'longest' ? 'longest side' : measure} of "${what}" in ${unit}`,

  answer({ what, measure, unit }, memory) {
    const all = (object: SceneObject): string => {
      const { width, depth, height } = sidesOf(object);
      return `${written(width, unit)} wide, ${written(depth, unit)} deep and ${written(height, unit)} high`;
    };
    const one = oneNamed('size', what, memory, (object) =>
      object.scale === 'metric' ? `(${written(sidesOf(object)[measure], unit)})` : undefined,
    );
    if (!one.ok) {
      return one.answer;
    }
    const { object, named } = one;
    if (object.scale === 'arbitrary') {
      return arbitraryScale('size', `a size in ${unit}`);
    }
    const value = sidesOf(object)[measure];
    const called = callObject(object, memory.objects);
    return answered({
      kind: 'size',
      text:
        measure === 'longest'
          ? `the longest side of ${called} is ${written(value, unit)} (${all(object)})`
          : `${called} is ${written(value, unit)} ${adjectives[measure]}`,
      value: thousandths(inUnit(value, unit)),
      unit,
      objects: [object],
      names: [named],
      because: 'Taken from the box that its observations agree on',
    });
  },
};
