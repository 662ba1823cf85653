/** Units of length that a question may ask for or name, each with its length in metres. */
const metresPer = {
  m: 1,
  cm: 0.01,
  mm: 0.001,
  km: 1000,
  ft: 0.3048,
  in: 0.0254,
} as const;

/** A unit of length, as it is written after a number. */
export type LengthUnit = keyof typeof metresPer;

export const lengthUnits = Object.keys(metresPer) as [LengthUnit, ...LengthUnit[]];

const words: readonly (readonly [LengthUnit, RegExp])[] = [
  ['cm', /^(?:cm|cms|centimet(?:er|re)s?)$/],
  ['mm', /^(?:mm|millimet(?:er|re)s?)$/],
  ['km', /^(?:km|kilomet(?:er|re)s?)$/],
  ['m', /^(?:m|met(?:er|re)s?)$/],
  ['ft', /^(?:ft|foot|feet)$/],
  ['in', /^(?:inch|inches)$/],
];

/** The unit that a word names. */
export const unitNamed = (word: string): LengthUnit | undefined => words.find(([, pattern]) => pattern.test(word))?.[0];

/** The unit that a question asks for: `in centimeters`, `how many feet`. */
export const unitAskedFor = (question: string): LengthUnit | undefined =>
  [...question.matchAll(/\b(?:in|how many) ([a-z]+)\b/g)]
    .map(([, word = '']) => unitNamed(word))
    .find((unit) => unit !== undefined);

/** A length in metres, in another unit. */
export const inUnit = (metres: number, unit: LengthUnit): number => metres / metresPer[unit];

const numberWords: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  half: 0.5,
  'half a': 0.5,
  'half an': 0.5,
  'a half': 0.5,
  'one and a half': 1.5,
  'a couple of': 2,
  'a few': 3,
};

/** A length as people say it, for use in patterns: `1.5 metres`, `50cm`, `half a metre`, `two feet`. */
export const lengthPattern = String.raw`(?:\d+(?:[.,]\d+)?|${Object.keys(numberWords)
  .sort((a, b) => b.length - a.length)
  .join('|')}) ?[a-z]+`;

/** Reads a length that `lengthPattern` matched, in metres. */
export const readLength = (text: string): number | undefined => {
  const [, amount = '', word = ''] = /^(.*?) ?([a-z]+)$/.exec(text) ?? [];
  const unit = unitNamed(word);
  const number = numberWords[amount] ?? Number(amount.replace(',', '.'));
  return unit && Number.isFinite(number) ? number * metresPer[unit] : undefined;
};
