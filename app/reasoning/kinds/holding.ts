import { z } from 'zod';
import type { SceneObject } from '../../contract/scene.ts';
import { answered } from '../answer.ts';
import { heldBy, holdingNamed, holdingPattern, holdingSchema, holdingWords } from '../holding.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject } from '../names.ts';
import { joined } from '../phrasing.ts';
import { oneNamed } from '../subject.ts';
import { isWholePlace, nameIn } from '../wording.ts';

const schema = z.object({ kind: z.literal('holding'), holding: holdingSchema, of: z.string() });
type HoldingQuery = z.infer<typeof schema>;

const patterns = [
  new RegExp(
    String.raw`^(?:what(?: all)?(?: (?:objects|things|items))?|which (?:objects|things|items)) (?:is|are|lies|lie|stands|stand|sits|sit|can be found|do you see)(?: there)?(?: (?:lying|standing|sitting|placed|kept|stored|located))? (?<holding>${holdingPattern}) (?<of>.+)$`,
  ),
  new RegExp(
    String.raw`^(?:list|show me|name|find) (?:everything|all|all objects|the objects|the things|objects|things)(?: (?:that (?:is|are)|lying|standing))? (?<holding>${holdingPattern}) (?<of>.+)$`,
  ),
];

/** What is on, in, under or over a thing. */
export const holdingKind: QuestionKind<HoldingQuery> = {
  schema,
  example: 'What is on the table?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const of = nameIn(groups?.['of'] ?? '');
    const holding = holdingNamed(groups?.['holding'] ?? '');
    return holding && of && !isWholePlace(of) ? { kind: 'holding', holding, of } : undefined;
  },

  describe: ({ holding, of }) => `objects that are ${holdingWords(holding)} "${of}"`,

  answer({ holding, of }, memory) {
    const held = (base: SceneObject) => heldBy(base, holding, memory);
    const one = oneNamed('holding', of, memory, (object) => {
      const each = held(object);
      return each.length > 0 ? `(${joined(each.map(({ label }) => label))})` : '(nothing)';
    });
    if (!one.ok) {
      return one.answer;
    }
    const { object, named } = one;
    const found = held(object);
    const place = `${holdingWords(holding)} ${callObject(object, memory.objects)}`;
    return answered({
      kind: 'holding',
      text:
        found.length === 0
          ? `nothing in memory is ${place}`
          : `${joined(found.map((each) => callObject(each, memory.objects)))} ${found.length === 1 ? 'is' : 'are'} ${place}`,
      value: found.length,
      unit: 'objects',
      objects: [object, ...found],
      names: [named],
      alternatives: found.map(({ label, id }) => ({ label, objectId: id })),
      because: 'Follows from how the boxes of the objects stand to one another',
    });
  },
};
