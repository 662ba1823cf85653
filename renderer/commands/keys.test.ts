import { describe, expect, it } from 'vitest';
import { chordOf, commandFor, printChord } from './keys.ts';
import type { KeyPress } from './keys.ts';
import { commands } from './table.ts';

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...modifiers,
});

describe('the command table', () => {
  it('gives no key to two commands', () => {
    const chords = commands.flatMap((command): readonly string[] => command.keys);
    expect(chords.filter((chord, i) => chords.indexOf(chord) !== i)).toEqual([]);
  });

  it('names each command once, `area.verb`', () => {
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
    expect(commands.every(({ id }) => /^[a-z]+\.[a-zA-Z]+$/.test(id))).toBe(true);
  });
});

describe('key presses', () => {
  it.each([
    [press(' '), 'clock.toggle'],
    [press('ArrowLeft'), 'clock.previousFrame'],
    [press('ArrowLeft', { shiftKey: true }), 'clock.secondBack'],
    [press('ArrowLeft', { altKey: true }), 'selection.back'],
    [press('k'), 'clock.pause'],
    [press('k', { ctrlKey: true }), 'palette.open'],
    [press('k', { metaKey: true }), 'palette.open'],
    [press('?', { shiftKey: true }), 'help.shortcuts'],
    [press('/'), 'ask.focus'],
    // A German keyboard reaches the slash and the brackets with modifiers.
    [press('/', { shiftKey: true }), 'ask.focus'],
    [press('z', { ctrlKey: true }), 'edit.undo'],
    [press('Z', { ctrlKey: true, shiftKey: true }), 'edit.redo'],
    [press('x'), undefined],
  ])('%o means %s', (event, command) => {
    expect(commandFor(event)).toBe(command);
  });

  it('keeps Shift apart for letters and named keys', () => {
    expect(chordOf(press('F', { shiftKey: true }))).toBe('Shift+F');
  });

  it('prints arrows as arrows', () => {
    expect(printChord('Shift+ArrowLeft')).toBe('Shift ←');
  });
});
