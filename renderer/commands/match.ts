/**
 * The entries whose text holds every typed word, best first: a text that begins with what was typed, then one in which
 * each word begins a word, then the rest; shorter texts first among equals.
 */
export const rankMatches = <T extends { readonly text: string }>(
  entries: readonly T[],
  typed: string,
): readonly T[] => {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return entries;
  }
  return entries
    .flatMap((entry) => {
      const text = entry.text.toLowerCase();
      if (!words.every((word) => text.includes(word))) {
        return [];
      }
      const begins = text.startsWith(typed.trim().toLowerCase());
      const starts = words.every((word) => text.split(/[\s/-]+/).some((part) => part.startsWith(word)));
      return [{ entry, rank: begins ? 0 : starts ? 1 : 2 }];
    })
    .toSorted((a, b) => a.rank - b.rank || a.entry.text.length - b.entry.text.length)
    .map(({ entry }) => entry);
};
