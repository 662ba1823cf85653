import { z } from 'zod';
import type { SceneObject } from '../../contract/scene.ts';
import { answered } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject, countLabel, nameKey } from '../names.ts';
import { joined } from '../phrasing.ts';
import { heldBy, holdingNamed, holdingPattern, holdingSchema, holdingWords } from '../holding.ts';
import { type SceneMemory, sessionName, worldFrameOf } from '../scene-memory.ts';
import { oneNamed, someNamed } from '../subject.ts';
import { isWholePlace, nameIn } from '../wording.ts';

const schema = z.object({
  kind: z.literal('count'),
  what: z.string(),
  /** Only those that stand in this relation to that thing. */
  where: z.object({ holding: holdingSchema, of: z.string() }).optional(),
});
type CountQuery = z.infer<typeof schema>;

const located = String.raw`(?:(?: (?:are|is)(?: there)?)?(?: (?:lying|standing|sitting|placed|kept))? (?<holding>${holdingPattern}) (?<of>.+?))?`;

const patterns = [
  new RegExp(
    String.raw`^how many (?:different )?(?<what>.+?)${located}(?: (?:are|is|were|was|do|does|did|can|could|have|has)\b.*)?$`,
  ),
  new RegExp(String.raw`^(?:what is |give me )?(?:the )?(?:total )?(?:number|count) of (?<what>.+?)${located}$`),
  new RegExp(String.raw`^count (?:up )?(?<what>.+?)${located}$`),
];

/** The objects by the world frame that they were seen in: in two frames the same thing may have been counted twice. */
const byWorldFrame = (objects: readonly SceneObject[], memory: SceneMemory): SceneObject[][] => [
  ...Map.groupBy(objects, (object) => worldFrameOf(object, memory)).values(),
];

const withWhole = (count: number, name: string): string => countLabel(count, nameKey(name) || name);

/** How many things bear a name. */
export const countKind: QuestionKind<CountQuery> = {
  schema,
  example: 'How many chairs are there?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const what = nameIn(groups?.['what'] ?? '');
    if (!groups || !what) {
      return undefined;
    }
    const of = nameIn(groups['of'] ?? '');
    const holding = holdingNamed(groups['holding'] ?? '');
    return holding && of && !isWholePlace(of)
      ? { kind: 'count', what, where: { holding, of } }
      : { kind: 'count', what };
  },

  describe: ({ what, where }) =>
    `number of objects named "${what}"${where ? ` that are ${holdingWords(where.holding)} "${where.of}"` : ''}`,

  answer({ what, where }, memory) {
    const found = someNamed('count', what, memory);
    if (!found.ok) {
      return found.answer;
    }
    const { named } = found;
    if (where) {
      const base = oneNamed('count', where.of, memory);
      if (!base.ok) {
        return base.answer;
      }
      const there = heldBy(base.object, where.holding, memory).filter((object) => named.objects.includes(object));
      return answered({
        kind: 'count',
        text: `${withWhole(there.length, what)} ${there.length === 1 ? 'is' : 'are'} ${holdingWords(where.holding)} ${callObject(base.object, memory.objects)}`,
        value: there.length,
        unit: 'objects',
        objects: [...there, base.object],
        names: [named, base.named],
        because: `Of ${named.objects.length} remembered, those whose box is ${holdingWords(where.holding)} it`,
      });
    }
    const groups = byWorldFrame(named.objects, memory);
    const largest = groups.reduce((most, group) => (group.length > most.length ? group : most), []);
    const unsure = groups.length > 1;
    const special =
      named.special.length === 0
        ? ''
        : `, besides ${joined([...Map.groupBy(named.special, ({ label }) => label)].map(([label, each]) => countLabel(each.length, label)))}`;
    return answered({
      kind: 'count',
      text: `There ${largest.length === 1 ? 'is' : 'are'} ${unsure ? 'at least ' : ''}${withWhole(largest.length, what)}${special}`,
      value: largest.length,
      unit: 'objects',
      objects: unsure ? named.objects : largest,
      names: [named],
      certainty: unsure ? 0.6 : 1,
      because: unsure
        ? `The sessions are not aligned, so the same thing may appear in several; this is the most that one of them shows (${joined(groups.map((group) => perSession(group, memory)))})`
        : `Each remembered object of this name counts once`,
    });
  },
};

const perSession = (group: readonly SceneObject[], memory: SceneMemory): string => {
  const sessionId = group[0]?.lastSeen?.sessionId;
  return `${group.length} in ${sessionId === undefined ? 'imported objects' : sessionName(sessionId, memory)}`;
};
