import type { SceneObject } from '../contract/scene.ts';
import { isPlural, nounsOf, plural, remember, singular } from './nouns.ts';
import { synonyms } from './synonyms.ts';

/**
 * How a spoken name found its objects, surest first: `label` (the very name, either number), `id` (`mug-2`, `mug 2`),
 * `synonym` (`couch` for a sofa), `general` (`chair` for an office chair), `specific` (`red mug` for a mug).
 */
export type NameMatch = 'label' | 'id' | 'synonym' | 'general' | 'specific';

/** The objects that a spoken name means. */
export interface NamedObjects {
  /** As it was said, without article. */
  readonly name: string;
  readonly objects: readonly SceneObject[];
  readonly match: NameMatch;
  /** Whether the name was said in the plural. */
  readonly plural: boolean;
  /** Objects of a more special name, such as office chairs beside the chairs that were asked for. */
  readonly special: readonly SceneObject[];
}

const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[-_/]+/g, ' ')
    .replaceAll(/[^\p{L}\p{N} ]+/gu, '')
    .trim()
    .replaceAll(/\s+/g, ' ');

/** A name as it is compared: lower case, words apart, last word in the singular. */
export const nameKey = remember((name) => singular(plainName(name)));

const alikeNames = (key: string): string[] => [key, ...synonyms.filter((row) => row.includes(key)).flat()];

const isKindOf = (label: string, keys: readonly string[]): boolean => {
  const labelKey = nameKey(label);
  return keys.some((key) => labelKey.endsWith(` ${key}`));
};

const matchKey = (key: string, objects: readonly SceneObject[]): [NameMatch, SceneObject[]] | undefined => {
  const alike = alikeNames(key);
  const tests: [NameMatch, (object: SceneObject) => boolean][] = [
    ['label', ({ label }) => nameKey(label) === key],
    ['id', ({ id }) => plainName(id) === key],
    ['synonym', ({ label }) => alike.includes(nameKey(label))],
    ['general', ({ label }) => isKindOf(label, alike)],
  ];
  for (const [match, test] of tests) {
    const found = objects.filter(test);
    if (found.length > 0) {
      return [match, found];
    }
  }
  return undefined;
};

/** The key, then what is left of it as leading words are dropped: `red tea cup`, `tea cup`, `cup`. */
const evermoreGeneral = (key: string): string[] => key.split(' ').map((_, i, words) => words.slice(i).join(' '));

/** Finds what a spoken name means among the objects, or nothing. */
export const findByName = (name: string, objects: readonly SceneObject[]): NamedObjects | undefined => {
  const key = nameKey(name);
  if (!key) {
    return undefined;
  }
  const named = { name, plural: isPlural(plainName(name)) };
  const exact = matchKey(key, objects);
  if (exact) {
    const [match, chosen] = exact;
    const special = objects.filter((object) => !chosen.includes(object) && isKindOf(object.label, alikeNames(key)));
    return { ...named, objects: chosen, match, special: match === 'id' ? [] : special };
  }
  for (const candidate of [...evermoreGeneral(key).slice(1), ...nounsOf(name).map(nameKey)]) {
    const found = matchKey(candidate, objects);
    if (found) {
      return { ...named, objects: found[1], match: 'specific', special: [] };
    }
  }
  return undefined;
};

/** The labels among the objects, each once, in alphabetical order. */
export const knownLabels = (objects: readonly SceneObject[]): string[] =>
  [...new Set(objects.map(({ label }) => label))].sort((a, b) => a.localeCompare(b, 'en'));

/** How an object is called in a sentence: by its label where that is enough, else by its id. */
export const callObject = (object: SceneObject, objects: readonly SceneObject[]): string =>
  objects.some((other) => other !== object && nameKey(other.label) === nameKey(object.label))
    ? object.id
    : `the ${object.label}`;

/** A label after a number: `1 chair`, `3 chairs`. */
export const countLabel = (count: number, label: string): string =>
  `${count} ${count === 1 ? singular(label) : plural(label)}`;
