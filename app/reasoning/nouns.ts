import nlp from 'compromise';

/** Words that end like plurals and are none, or whose singular `compromise` does not know. */
const singulars: Readonly<Record<string, string>> = {
  bookshelves: 'bookshelf',
  canvases: 'canvas',
  chess: 'chess',
  clothes: 'clothes',
  gas: 'gas',
  glasses: 'glass',
  headphones: 'headphones',
  lens: 'lens',
  scissors: 'scissors',
  series: 'series',
  stairs: 'stairs',
};

/** A function with a cache that forgets everything once it is full, so that strange questions cannot make it grow without end. */
export const remember = (work: (word: string) => string): ((word: string) => string) => {
  const known = new Map<string, string>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) {
      return before;
    }
    if (known.size >= 5_000) {
      known.clear();
    }
    const result = work(word);
    known.set(word, result);
    return result;
  };
};

/** A word read as a noun, whatever else it might be ("mug", "light", "display"). */
const asNoun = (word: string) => {
  const text = nlp(word);
  text.tag('Noun');
  return text.nouns();
};

const singularWord = remember((word) => singulars[word] ?? (asNoun(word).toSingular().text() || word));

const pluralWord = remember((word) => {
  if (singulars[word] === word && word.endsWith('s')) {
    return word;
  }
  if (/(?:s|x|z|ch|sh)$/.test(word)) {
    return `${word}es`;
  }
  return word.endsWith('shelf') ? word.replace(/f$/, 'ves') : asNoun(word).toPlural().text() || word;
});

const lastWord = /\S+$/;

/** The name with its last word in the singular: `coffee tables` → `coffee table`. */
export const singular = (name: string): string => name.replace(lastWord, singularWord);

/** The name with its last word in the plural: `coffee table` → `coffee tables`. */
export const plural = (name: string): string => name.replace(lastWord, pluralWord);

/** Whether the last word of a name is a plural: `chairs`, but not `chess` and not `scissors`. */
export const isPlural = (name: string): boolean => singular(name) !== name;

/** The nouns of a phrase in the singular, the way they stand there: `the cup that I left` → `cup`. */
export const nounsOf = (phrase: string): string[] =>
  (nlp(phrase).nouns().json() as { noun?: { root?: string } }[]).flatMap(({ noun }) =>
    noun?.root ? [singular(noun.root)] : [],
  );
