import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { openSequence } from './image-sequence.ts';
import { placeInTime } from './numbered-frames.ts';
import type { SourceFormat } from './opened-source.ts';

/** Tells whether a name is that of a still image that Loci reads. */
export const isImageName = (name: string): boolean => /\.(jpe?g|png|webp|tiff?)$/i.test(name) && !name.startsWith('.');

const collator = new Intl.Collator('en', { numeric: true });

/** In the order that a person would put them: `2.jpg` before `10.jpg`. */
export const inNaturalOrder = (names: readonly string[]): string[] => names.toSorted((a, b) => collator.compare(a, b));

/**
 * The number at the end of each name when all have one, the same words before it, and no number comes twice; else the
 * position in the list. `names` are in natural order.
 */
export const numbersOf = (names: readonly string[]): readonly number[] => {
  const parts = names.map((name) => /^(.*?)(\d+)$/.exec(parse(name).name));
  const numbers = parts.map((match) => Number(match?.[2]));
  const prefixes = new Set(parts.map((match) => match?.[1]));
  const ascending = numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? Infinity));
  return prefixes.size === 1 && ascending && numbers.every(Number.isSafeInteger) ? numbers : names.map((_, i) => i);
};

/** A folder of still images: one recording, in the order of their names. */
export const imageFolderFormat: SourceFormat = {
  kind: 'image-folder',
  description: 'a folder of images',
  recognises: (names) => names?.some(isImageName) === true,
  open: async (folder, options) => {
    const names = await readdir(folder);
    const images = inNaturalOrder(names.filter(isImageName));
    const entries = placeInTime(folder, numbersOf(images), options.framesPerSecond).map((time, i) => ({
      ...time,
      image: join(folder, images[i] ?? ''),
    }));
    return openSequence(
      { kind: 'image-folder', folder, names, entries, otherFiles: [], metresPerUnit: 0.001 },
      options,
    );
  },
};
