import type { Session } from '../../app/contract/session.ts';
import type { Bend } from './bending.ts';
import { bendLine } from './bending.ts';
import { strokeOf } from './projection.ts';

/** RGBA pixels of a picture of the frame's shape but smaller, white where something moves. */
export type MovingMask = Pick<ImageData, 'width' | 'height' | 'data'>;

const isMoving = ({ data }: MovingMask, pixel: number): boolean => (data[pixel * 4] ?? 0) > 127;

/** Share of the frame in which something moves. */
export const movingShare = (mask: MovingMask): number => {
  const pixels = mask.width * mask.height;
  return Array.from({ length: pixels }, (_, pixel) => pixel).filter((pixel) => isMoving(mask, pixel)).length / pixels;
};

/** What moves as an SVG path in pixels of the recording: a strip for each run of pixels in a row. */
export const movingPath = (
  mask: MovingMask,
  frame: Pick<Session, 'width' | 'height'>,
  bend: Bend | undefined,
): string => {
  const [stepX, stepY] = [frame.width / mask.width, frame.height / mask.height];
  const strips: string[] = [];
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      const from = x;
      while (x < mask.width && isMoving(mask, y * mask.width + x)) {
        x++;
      }
      if (x > from) {
        const [left, right, top, bottom] = [from * stepX, x * stepX, y * stepY, (y + 1) * stepY];
        const outline = [
          ...bendLine(bend, [left, top], [right, top]),
          ...bendLine(bend, [right, bottom], [left, bottom]),
        ];
        strips.push(`${strokeOf(outline)}Z`);
      }
    }
  }
  return strips.join('');
};
