/** Colours of the canvas, read from the tokens of the theme in force. */
export interface Palette {
  readonly working: string;
  readonly episodic: string;
  readonly library: string;
  readonly evidence: string;
  readonly selection: string;
  readonly problem: string;
  readonly ground: string;
  readonly stripe: string;
  readonly line: string;
  readonly strong: string;
  readonly text: string;
  readonly faint: string;
  readonly raised: string;
  readonly font: string;
}

/** Reads the palette of the present theme. */
export const readPalette = (): Palette => {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    working: token('--working'),
    episodic: token('--episodic'),
    library: token('--library'),
    evidence: token('--evidence'),
    selection: token('--selection'),
    problem: token('--problem'),
    ground: token('--surface-1'),
    stripe: token('--surface-2'),
    line: token('--line'),
    strong: token('--line-strong'),
    text: token('--text-1'),
    faint: token('--text-3'),
    raised: token('--surface-3'),
    font: `12px ${token('--font')}`,
  };
};
