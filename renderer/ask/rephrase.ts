/**
 * Puts a chosen name into a question in place of the ambiguous one. The names of alternatives begin with the ambiguous
 * label or contain it ("chair 2", "the chair near the table"), so the longest word that both share is the one to replace.
 */
export const rephrase = (question: string, choice: string): string => {
  const words = choice.toLowerCase().match(/\p{L}+/gu) ?? [];
  const shared = words
    .toSorted((a, b) => b.length - a.length)
    .find((word) => word.length > 2 && new RegExp(`\\b${word}s?\\b`, 'iu').test(question));
  return shared === undefined
    ? `${question.replace(/[?.!\s]+$/, '')} (${choice})?`
    : question.replace(new RegExp(`\\b${shared}s?\\b`, 'iu'), choice);
};
