/** Colours by name, as CSS hexadecimal; a material `painter/colour` looks its colour up here. */
const colours: Readonly<Record<string, string>> = {
  teal: '#2f7f7c',
  denim: '#4a6d94',
  forest: '#47705a',
  mustard: '#d9a43b',
  rust: '#c2603c',
  cream: '#efe4cf',
  grey: '#9a9c9d',
  navy: '#2f4468',
  plum: '#7d4a66',
  blush: '#e5b9a6',
  rose: '#dba3a0',
  sky: '#9dbfd6',
  blue: '#4f80b3',
  red: '#d22f27',
  orange: '#e8762c',
  pink: '#e48ba0',
  green: '#8db548',
  white: '#f4f1ea',
  sage: '#a9bda0',
  sand: '#e0d0b0',
  butter: '#f3e2ae',
  peach: '#f2cfae',
  mist: '#bccfd2',
  clay: '#d99f7e',
  moss: '#a5af82',
  terracotta: '#bf6f4b',
  mint: '#a9d3c1',
  oak: '#c89c66',
  honey: '#d3a05c',
  walnut: '#7a5238',
  birch: '#dcc49a',
  natural: '#d3b27e',
  brown: '#8a5a3a',
  steel: '#b9bec2',
  black: '#3a3b40',
  brass: '#c7a04e',
  warm: '#f7e2b4',
  bright: '#fff4d6',
};

/** The CSS colour of a palette name; an unknown name is a mistake in a material. */
export const colourNamed = (name: string): string => {
  const colour = colours[name];
  if (colour === undefined) {
    throw new Error(`No colour is named "${name}".`);
  }
  return colour;
};

/** A CSS colour made lighter (positive) or darker (negative) by a share of the way to white or black. */
export const shaded = (hex: string, amount: number): string => {
  const target = amount > 0 ? 255 : 0;
  const channels = [1, 3, 5].map((i) => {
    const value = Number.parseInt(hex.slice(i, i + 2), 16);
    return Math.round(value + (target - value) * Math.min(1, Math.abs(amount)));
  });
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
};
