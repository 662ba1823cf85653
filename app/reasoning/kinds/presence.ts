import { z } from 'zod';
import { answered } from '../answer.ts';
import { firstMatch, type QuestionKind } from '../kind.ts';
import { callObject, countLabel } from '../names.ts';
import { joined } from '../phrasing.ts';
import { someNamed } from '../subject.ts';
import { nameIn } from '../wording.ts';

const schema = z.object({ kind: z.literal('presence'), what: z.string() });
type PresenceQuery = z.infer<typeof schema>;

const patterns = [
  /^(?:is|are) there (?:also |actually )?(?<what>(?:a|an|any|some|one|another)\b.+)$/,
  /^(?:do|does|did|have|can|could) (?:you|we|i|the camera|this (?:room|place|home|apartment|flat)) (?:have|see|seen|know of|know|remember|find)(?: any| an| a| some)? (?<what>.+)$/,
];

/** Whether a thing is known at all. */
export const presenceKind: QuestionKind<PresenceQuery> = {
  schema,
  example: 'Is there a kettle?',

  parse(question) {
    const groups = firstMatch(question, patterns);
    const what = nameIn(groups?.['what'] ?? '');
    return groups && what ? { kind: 'presence', what } : undefined;
  },

  describe: ({ what }) => `whether any "${what}" is known`,

  answer({ what }, memory) {
    const found = someNamed('presence', what, memory);
    if (!found.ok) {
      return found.answer;
    }
    const { named } = found;
    const [only, another] = named.objects;
    return answered({
      kind: 'presence',
      text:
        only && !another
          ? `yes, ${callObject(only, memory.objects)}`
          : `yes, ${joined([...Map.groupBy(named.objects, ({ label }) => label)].map(([label, each]) => countLabel(each.length, label)))}`,
      value: 'yes',
      objects: named.objects,
      names: [named],
      because: 'Objects of this name are remembered',
    });
  },
};
