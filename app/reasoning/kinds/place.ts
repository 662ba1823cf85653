import { z } from 'zod';
import { answered } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject } from '../names.ts';
import { coordinates, joined, thousandths } from '../phrasing.ts';
import { oneNamed, someNamed } from '../subject.ts';
import { describeSurroundings } from '../surroundings.ts';
import { nameIn } from '../wording.ts';

const schema = z.object({ kind: z.literal('place'), what: z.string(), every: z.boolean() });
type PlaceQuery = z.infer<typeof schema>;

const patterns = [
  /^where (?:exactly )?(?:is|are|was|were) (?<what>.+?)(?: (?:located|placed|positioned|standing|lying|kept|to be found|at))?$/,
  /^where (?<what>.+?) (?:is|are)(?: (?:located|placed|at))?$/,
  /^where (?:can|could|do|did|would|should|have|has) (?:i|we|you|one|anyone|someone) (?:find|put|leave|left|get|locate|place|see|keep)(?: the)? (?<what>.+)$/,
  /^(?:what is |what are |give me )?(?:the )?(?:exact )?(?:location|position|place|whereabouts|coordinates?|co-ordinates)s? of (?<what>.+)$/,
  /^(?:find|locate) (?:me )?(?<what>.+)$/,
  /^(?:in|at|on) (?:which|what) (?:place|position|spot|location) (?:is|are) (?<what>.+)$/,
];

/** Where a thing is: its coordinates, and words that a person can follow. */
export const placeKind: QuestionKind<PlaceQuery> = {
  schema,
  example: 'Where is the kettle?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const what = nameIn(groups?.['what'] ?? '');
    return groups && what ? { kind: 'place', what, every: /\b(?:are|all|every|each)\b/.test(question) } : undefined;
  },

  describe: ({ what, every }) => `place of ${every ? 'every' : 'the'} "${what}"`,

  answer({ what, every }, memory) {
    const describe = (object: Parameters<typeof describeSurroundings>[0]): string => {
      const around = describeSurroundings(object, memory);
      const unit = object.scale === 'metric' ? ' m' : ' in units of unknown length';
      return `${around ? `${around.words}, ` : ''}at ${coordinates(object.center)}${unit}`;
    };
    const found = someNamed('place', what, memory);
    if (!found.ok) {
      return found.answer;
    }
    const { named } = found;
    if ((every || named.plural) && named.objects.length > 1) {
      return answered({
        kind: 'place',
        text: `there are ${named.objects.length}: ${joined(named.objects.map((object) => `${callObject(object, memory.objects)} ${describe(object)}`))}`,
        objects: named.objects,
        names: [named],
        because: 'Each place is the centre of the box that its observations agree on',
      });
    }
    const one = oneNamed('place', what, memory, (object) => describeSurroundings(object, memory)?.words);
    if (!one.ok) {
      return one.answer;
    }
    const { object } = one;
    const around = describeSurroundings(object, memory);
    const [x, y, z] = object.center.map(thousandths);
    return answered({
      kind: 'place',
      text: `${callObject(object, memory.objects)} is ${describe(object)}`,
      position: [x ?? 0, y ?? 0, z ?? 0],
      objects: [object, ...(around?.landmarks ?? [])],
      names: [named],
      because: `The place is the centre of the box that its ${object.observations || 'imported'} observations agree on, in world coordinates with z up`,
    });
  },
};
