import { z } from 'zod';
import type { SceneObject } from '../../contract/scene.ts';
import { answered, unaligned } from '../answer.ts';
import { holdingNamed, holdingPattern, holdingSchema, holdingWords, isHeld } from '../holding.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject } from '../names.ts';
import { shareWorldFrame } from '../scene-memory.ts';
import { someNamed } from '../subject.ts';
import { describeSurroundings } from '../surroundings.ts';
import { isWholePlace, nameIn } from '../wording.ts';

const schema = z.object({ kind: z.literal('standing'), what: z.string(), holding: holdingSchema, of: z.string() });
type StandingQuery = z.infer<typeof schema>;

const patterns = [
  new RegExp(
    String.raw`^(?:is|are) (?:there )?(?<what>.+?) (?:(?:lying|standing|sitting|placed|still) )?(?<holding>${holdingPattern}) (?<of>.+)$`,
  ),
];

/** Whether a thing is on, in, under or near another: yes or no. */
export const standingKind: QuestionKind<StandingQuery> = {
  schema,
  example: 'Is the mug on the table?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const [what, of] = [nameIn(groups?.['what'] ?? ''), nameIn(groups?.['of'] ?? '')];
    const holding = holdingNamed(groups?.['holding'] ?? '');
    return holding && what && of && !isWholePlace(of) ? { kind: 'standing', what, holding, of } : undefined;
  },

  describe: ({ what, holding, of }) => `whether "${what}" is ${holdingWords(holding)} "${of}"`,

  answer({ what, holding, of }, memory) {
    const first = someNamed('standing', what, memory);
    if (!first.ok) {
      return first.answer;
    }
    const second = someNamed('standing', of, memory);
    if (!second.ok) {
      return second.answer;
    }
    const names = [first.named, second.named];
    const pairs = first.named.objects.flatMap((object) =>
      second.named.objects.filter((base) => base !== object).map((base) => ({ object, base })),
    );
    const comparable = pairs.filter(({ object, base }) => shareWorldFrame(object, base, memory));
    const [stranger] = pairs;
    if (comparable.length === 0 && stranger) {
      return unaligned('standing', stranger.object, stranger.base, memory);
    }
    const held = comparable.filter(({ object, base }) => isHeld(object, holding, base, memory));
    const call = (object: SceneObject): string => callObject(object, memory.objects);
    const objects = [...new Set(held.flatMap(({ object, base }) => [object, base]))];
    const [sole] = first.named.objects;
    const around = sole && first.named.objects.length === 1 ? describeSurroundings(sole, memory) : undefined;
    const [shown] = held;
    return answered({
      kind: 'standing',
      text: shown
        ? `yes, ${call(shown.object)} is ${holdingWords(holding)} ${call(shown.base)}`
        : `no${sole && around ? `, ${call(sole)} is ${around.words}` : `, none of them is ${holdingWords(holding)} it`}`,
      value: shown ? 'yes' : 'no',
      objects: shown ? objects : [...first.named.objects, ...(around?.landmarks ?? [])],
      names,
      because: 'Follows from how the boxes of the objects stand to one another',
    });
  },
};
