import { commands } from './table.ts';
import type { CommandId } from './table.ts';

/** What of a keyboard event decides which command is meant. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const keyName = ({ key }: KeyPress): string => (key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key);

/**
 * The key press as the table writes it. Shift counts only with keys that mean the same without it: `?` is `?` wherever
 * the keyboard keeps it.
 */
export const chordOf = (press: KeyPress): string => {
  const name = keyName(press);
  const shiftCounts = name.length > 1 || /[A-Z]/.test(name);
  return [
    ...(press.ctrlKey || press.metaKey ? ['Ctrl'] : []),
    ...(press.altKey ? ['Alt'] : []),
    ...(press.shiftKey && shiftCounts ? ['Shift'] : []),
    name,
  ].join('+');
};

const byChord = new Map<string, CommandId>(
  commands.flatMap((command) => command.keys.map((chord) => [chord, command.id] as const)),
);

/** The command that a key press means, if any. */
export const commandFor = (press: KeyPress): CommandId | undefined => byChord.get(chordOf(press));

const printed: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc' };

/** A chord as it is printed on screen. */
export const printChord = (chord: string): string =>
  chord
    .split('+')
    .map((part) => printed[part] ?? part)
    .join(' ');

/**
 * Whether the focused element keeps this key for itself: text fields all but Escape and chords with Ctrl other
 * than those that undo typing, controls that were reached by keyboard what operates them.
 */
export const keepsKey = (target: EventTarget | null, press: KeyPress): boolean => {
  if (!(target instanceof HTMLElement)) {
    return false;
  }
  const name = keyName(press);
  if (target.matches('input:not([type=checkbox]):not([type=range]), textarea, select, [contenteditable=true]')) {
    const isChord = press.ctrlKey || press.metaKey;
    return isChord ? name === 'Z' || name === 'Y' : name !== 'Escape';
  }
  const operates =
    target.matches(
      '[role=slider]:not([data-timeline]), [role=menuitem], [role=option], [role=tab], [role=radio], input',
    ) && /^(Arrow|Home|End|Space|Enter)/.test(name);
  return (
    operates || (target.matches('button:focus-visible, a:focus-visible') && (name === 'Space' || name === 'Enter'))
  );
};
