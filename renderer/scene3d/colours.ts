/** Red, green, blue from 0 to 1. */
export type Rgb = readonly [number, number, number];

/** Colours of the 3D view, from the tokens of the theme in force. */
export interface SceneColours {
  readonly ground: Rgb;
  readonly grid: Rgb;
  readonly neutral: Rgb;
  readonly strong: Rgb;
  readonly dim: Rgb;
  readonly working: Rgb;
  readonly episodic: Rgb;
  readonly library: Rgb;
  readonly evidence: Rgb;
  readonly selection: Rgb;
  /** The light line inside what is selected. */
  readonly core: Rgb;
}

/** Reads `#rrggbb`. */
export const parseHex = (text: string): Rgb => {
  const value = Number.parseInt(text.trim().slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
};

/** Reads the colours of the present theme. */
export const readSceneColours = (): SceneColours => {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): Rgb => parseHex(style.getPropertyValue(name));
  return {
    ground: token('--surface-0'),
    grid: token('--line'),
    neutral: token('--text-3'),
    strong: token('--text-1'),
    dim: token('--line-strong'),
    working: token('--working'),
    episodic: token('--episodic'),
    library: token('--library'),
    evidence: token('--evidence'),
    selection: token('--selection'),
    core: [1, 1, 1],
  };
};
