import type { MapTool } from './useMapTool.ts';

/** What the pointer of a map tool tells its owner; pixels are of the view. */
export interface MapPointerEvents {
  /** A shape while it is being drawn. */
  readonly draw: (outline: readonly (readonly [number, number])[]) => void;
  /** The shape when it is done. */
  readonly enclose: (outline: readonly (readonly [number, number])[]) => void;
  readonly click: (x: number, y: number) => void;
}

const clickPixels = 4;
/** Corners of a lasso are at least this far apart. */
const cornerPixels = 3;

/**
 * The left button while a map tool is in hand. Shift, the other buttons and the wheel still steer the view; with no tool
 * everything does.
 */
export class MapPointer {
  tool: MapTool | undefined;
  readonly #abort = new AbortController();
  readonly #events: MapPointerEvents;
  #drawn: (readonly [number, number])[] | undefined;

  constructor(canvas: HTMLCanvasElement, events: MapPointerEvents) {
    this.#events = events;
    // In the capture phase, so that the steering, which listens on the same canvas, is not told.
    const options = { signal: this.#abort.signal, capture: true };
    canvas.addEventListener('pointerdown', (event) => this.#press(canvas, event), options);
    canvas.addEventListener('pointermove', (event) => this.#move(event), options);
    canvas.addEventListener('pointerup', (event) => this.#release(event), options);
    canvas.addEventListener('pointercancel', () => this.#cancel(), options);
  }

  dispose(): void {
    this.#abort.abort();
  }

  #press(canvas: HTMLCanvasElement, event: PointerEvent): void {
    if (!this.tool || event.button !== 0 || event.shiftKey) {
      return;
    }
    event.stopImmediatePropagation();
    canvas.setPointerCapture(event.pointerId);
    this.#drawn = [[event.offsetX, event.offsetY]];
  }

  #move(event: PointerEvent): void {
    const last = this.#drawn?.at(-1);
    if (!this.#drawn || !last) {
      return;
    }
    event.stopImmediatePropagation();
    if (Math.hypot(event.offsetX - last[0], event.offsetY - last[1]) >= cornerPixels) {
      this.#drawn.push([event.offsetX, event.offsetY]);
      this.#events.draw(this.#outline());
    }
  }

  #release(event: PointerEvent): void {
    const outline = this.#outline();
    const [first, ...rest] = this.#drawn ?? [];
    if (!first) {
      return;
    }
    event.stopImmediatePropagation();
    this.#cancel();
    if (rest.every(([x, y]) => Math.hypot(x - first[0], y - first[1]) < clickPixels)) {
      this.#events.click(event.offsetX, event.offsetY);
    } else if (outline.length > 2) {
      this.#events.enclose(outline);
    }
  }

  #cancel(): void {
    this.#drawn = undefined;
    this.#events.draw([]);
  }

  /** The lasso as it was drawn, or the rectangle from its first to its last corner; nothing for tools that only click. */
  #outline(): readonly (readonly [number, number])[] {
    const [first, last] = [this.#drawn?.[0], this.#drawn?.at(-1)];
    if (!this.#drawn || !first || !last || this.tool === 'measure' || this.tool === 'floor') {
      return [];
    }
    return this.tool === 'lasso' ? [...this.#drawn] : [first, [last[0], first[1]], last, [first[0], last[1]]];
  }
}
