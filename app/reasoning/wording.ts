/** Longer than any question; what is longer is not one, and would only cost time. */
export const longestQuestion = 600;

const contractions: readonly (readonly [RegExp, string])[] = [
  [/\b(what|where|which|when|how|who|there|it)['’]s\b/g, '$1 is'],
  [/\b(what|where|which|when|how|who|there)['’]re\b/g, '$1 are'],
  [/\bi['’]m\b/g, 'i am'],
  [/\bwhats\b/g, 'what is'],
  [/\bwheres\b/g, 'where is'],
];

const politeness =
  /^(?:(?:hey|hi|hello|ok|okay|please|loci|so|and|now|well)\b[ ,]*|(?:can|could|would|will) you (?:please )?(?:tell me|say|show me|find out|answer)\b[ ,:]*|(?:please )?(?:tell me|show me)(?= (?:how|where|what|which|when|who|if|whether)\b)[ ,:]*|do you (?:know|remember)(?: (?:if|whether))?(?= )[ ,:]*|i (?:want|would like) to know[ ,:]*)/;

/**
 * A question the way the patterns of the kinds expect it: one line, lower case, contractions written out, no politeness
 * in front, no question mark behind. Commas and brackets stay, for lists.
 */
export const normaliseQuestion = (question: string): string => {
  let text = question.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  for (const [pattern, replacement] of contractions) {
    text = text.replaceAll(pattern, replacement);
  }
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(politeness, '').trim();
  }
  return text
    .replaceAll(/s?\(s\)/g, 's')
    .replaceAll(/["“”„«»]+/g, ' ')
    .replaceAll(/[?!.]+(?=\s|$)/g, ' .')
    .replaceAll(/[?!]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/[ .,;:]*(?: please| thanks| thank you)?[ .,;:]*$/, '')
    .trim();
};

const place = String.raw`(?:room|rooms|house|home|apartment|flat|place|building|scene|video|recording|space|area|environment|picture|memory)`;

/** `in this room`, `here`, `do you see`: says no more than that the question is about what is remembered. */
const scenery = new RegExp(
  String.raw`[ ,]*\b(?:(?:(?:visible|present|located|placed|standing|there|shown) )?(?:in|inside|within|throughout|around) (?:this|the|that|my|our|your|the whole|the entire|this whole) ${place}|here|there|right now|now|at the moment|currently|in total|altogether|overall|do you see|can you see|do you remember|can i see|can be seen|are visible|did you see|have you seen)$`,
);

const determiner =
  /^(?:all (?:of )?)?(?:the|a|an|my|our|your|his|her|their|this|that|these|those|any|some|all|each|every)\b ?/;

/** The name in a noun phrase: `the red mugs in this room` → `red mugs`. */
export const nameIn = (phrase: string): string => {
  const [first = ''] = phrase.split(' . ');
  let name = first
    .trim()
    .replace(/^[,;:([ ]+/, '')
    .replace(/[,;:)\] .]+$/, '');
  for (let before = ''; before !== name;) {
    before = name;
    name = name.replace(determiner, '').replace(scenery, '').trim();
  }
  return name;
};

/** The names of a list: `the sofa, a chair and the table` → `sofa`, `chair`, `table`. */
export const namesIn = (list: string): string[] =>
  list
    .split(/\s*[,;/]\s*(?:or|and)\b\s*|\s*[,;]\s*|\s+(?:or|and)\s+/)
    .map(nameIn)
    .filter((name) => name !== '');

/** Whether a name means the whole place rather than something in it. */
export const isWholePlace = (name: string): boolean => new RegExp(`^(?:whole |entire )?${place}$`).test(name);

/** Says that the nearest of several instances is meant, as VSI-Bench words it or as a person would. */
export const asksForClosestInstance = (question: string): boolean =>
  /measure to the closest|multiple instances|(?:closest|nearest) (?:instance|one)\b/.test(question);

const closestPrefix = /^(?:closest|nearest)\s+/;

/** A name that may say `the nearest` in front: which instance is meant, and the name without it. */
export const withoutClosest = (name: string): { name: string; closest: boolean } => ({
  name: name.replace(closestPrefix, ''),
  closest: closestPrefix.test(name),
});
