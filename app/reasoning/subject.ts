import type { Answer } from '../contract/question.ts';
import type { SceneObject } from '../contract/scene.ts';
import { ambiguous, unknownName } from './answer.ts';
import { findByName, type NamedObjects } from './names.ts';
import type { SceneMemory } from './scene-memory.ts';

/** What a name in a question stands for, or the answer that says why it cannot be told. */
export type Subject<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly answer: Answer };

/** Everything that bears the name. */
export const someNamed = (
  kind: string,
  name: string,
  memory: SceneMemory,
): Subject<{ readonly named: NamedObjects }> => {
  const named = findByName(name, memory.objects);
  return named ? { ok: true, named } : { ok: false, answer: unknownName(kind, name, memory) };
};

/** The one thing that bears the name; `each` tells the candidates apart where there are several. */
export const oneNamed = (
  kind: string,
  name: string,
  memory: SceneMemory,
  each: (object: SceneObject) => string | undefined = () => undefined,
): Subject<{ readonly named: NamedObjects; readonly object: SceneObject }> => {
  const found = someNamed(kind, name, memory);
  if (!found.ok) {
    return found;
  }
  const [object, another] = found.named.objects;
  return object && !another
    ? { ok: true, named: found.named, object }
    : { ok: false, answer: ambiguous(kind, found.named, memory, each) };
};
