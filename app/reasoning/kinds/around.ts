import { z } from 'zod';
import { answered, arbitraryScale } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject } from '../names.ts';
import { digits, joined, metres, thousandths } from '../phrasing.ts';
import { oneNamed } from '../subject.ts';
import { nearestTo, neighboursOf } from '../surroundings.ts';
import { lengthPattern, readLength } from '../units.ts';
import { nameIn } from '../wording.ts';

const schema = z.object({ kind: z.literal('around'), of: z.string(), withinMetres: z.number().positive() });
type AroundQuery = z.infer<typeof schema>;

/** What "near" means when nobody says how near. */
const usualReachMetres = 1;

const asking = String.raw`(?:what(?: all)?(?: (?:else|other))?(?: (?:objects|things|items|furniture))?(?: (?:is|are|can be found|do you see|stands|lies))?(?: there)?|(?:which|all|the|any)? ?(?:objects|things|items)(?: (?:is|are))?|(?:list|show|name|find)(?: me)? (?:everything|all|what is|all objects|all things|the objects|the things|objects|things)(?: that (?:is|are))?|(?:is|are) there (?:anything|something|any objects|any things)|anything|everything)`;
const reach = String.raw`(?<reach>${lengthPattern})`;

const patterns = [
  new RegExp(
    String.raw`^${asking} (?:within|in|inside) (?:a (?:radius|distance) of |a )?${reach}(?: radius)?(?: (?:of|from|to|around|away from|distance (?:of|from|to)))+ (?<of>.+)$`,
  ),
  new RegExp(
    String.raw`^${asking} (?:less than|at most|no more than|under|up to|closer than) ${reach}(?: away)? (?:from|to|of) (?<of>.+)$`,
  ),
  new RegExp(
    String.raw`^${asking} (?:near|around|nearby|close to|near to|next to|beside|by|surrounding|in the vicinity of|in the neighbou?rhood of)(?: to)? (?<of>.+?),? (?:within|in) (?:a radius of |a )?${reach}(?: radius)?$`,
  ),
  new RegExp(
    String.raw`^${asking} (?:right |directly |immediately )?(?:near|around|nearby|close to|near to|next to|beside|by|surrounding|in the vicinity of|in the neighbou?rhood of) (?<of>.+)$`,
  ),
  new RegExp(String.raw`^(?:what|which objects|which things) surrounds? (?<of>.+)$`),
  new RegExp(String.raw`^(?:what are |list )?(?:the )?neighbou?rs of (?<of>.+)$`),
];

/** What is near a thing, within a distance of its nearest surface. */
export const aroundKind: QuestionKind<AroundQuery> = {
  schema,
  example: 'What is within 1.5 metres of the sofa?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const of = nameIn(groups?.['of'] ?? '');
    const withinMetres = groups?.['reach'] === undefined ? usualReachMetres : readLength(groups['reach']);
    return groups && of && withinMetres !== undefined && withinMetres > 0
      ? { kind: 'around', of, withinMetres }
      : undefined;
  },

  describe: ({ of, withinMetres }) => `objects whose nearest surface is within ${withinMetres} m of "${of}"`,

  answer({ of, withinMetres }, memory) {
    const one = oneNamed('around', of, memory);
    if (!one.ok) {
      return one.answer;
    }
    const { object, named } = one;
    if (object.scale === 'arbitrary') {
      return arbitraryScale('around', `what is within ${digits(withinMetres)} m`);
    }
    const called = callObject(object, memory.objects);
    const near = neighboursOf(object, memory, withinMetres);
    const beyond = near.length === 0 ? nearestTo(object, memory, () => true) : undefined;
    const shown = near.map(
      (each) =>
        `${callObject(each.object, memory.objects)} (${each.distance < 0.005 ? 'touching' : metres(each.distance)})`,
    );
    return answered({
      kind: 'around',
      text:
        near.length === 0
          ? `nothing in memory is within ${metres(withinMetres)} of ${called}${beyond ? `; the nearest is ${callObject(beyond.object, memory.objects)} at ${metres(beyond.distance)}` : ''}`
          : `within ${metres(withinMetres)} of ${called}: ${joined(shown)}`,
      value: near.length,
      unit: 'objects',
      objects: [object, ...near.map((each) => each.object)],
      names: [named],
      alternatives: near.map((each) => ({
        label: `${each.object.label}, ${thousandths(each.distance)} m`,
        objectId: each.object.id,
      })),
      because: 'Measured from the nearest surface of its box to that of every other remembered object',
    });
  },
};
