import { z } from 'zod';
import type { SceneObject } from '../../contract/scene.ts';
import { answered, unaligned } from '../answer.ts';
import { heldBy, holdingNamed, holdingPattern, holdingSchema, holdingWords } from '../holding.ts';
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
    const [objects, bases] = [first.named.objects, second.named.objects];
    const [object, base] = [objects[0], bases[0]];
    if (object && base && !objects.some((a) => bases.some((b) => a !== b && shareWorldFrame(a, b, memory)))) {
      return unaligned('standing', object, base, memory);
    }
    const held = bases.flatMap((each) =>
      heldBy(each, holding, memory)
        .filter((found) => objects.includes(found))
        .map((found) => ({ object: found, base: each })),
    );
    const call = (object: SceneObject): string => callObject(object, memory.objects);
    const around = object && objects.length === 1 ? describeSurroundings(object, memory) : undefined;
    const [shown] = held;
    return answered({
      kind: 'standing',
      text: shown
        ? `yes, ${call(shown.object)} is ${holdingWords(holding)} ${call(shown.base)}`
        : `no${object && around ? `, ${call(object)} is ${around.words}` : `, none of them is ${holdingWords(holding)} it`}`,
      value: shown ? 'yes' : 'no',
      objects: shown
        ? [...new Set(held.flatMap((each) => [each.object, each.base]))]
        : [...objects, ...(around?.landmarks ?? [])],
      names,
      because: 'Follows from how the boxes of the objects stand to one another',
    });
  },
};
