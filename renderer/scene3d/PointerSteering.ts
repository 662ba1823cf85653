import { dolly, look, orbit, pan, walk } from './rig.ts';
import type { Rig } from './useView.ts';
import type { Viewport } from './Viewport.ts';

const turnPerPixel = 0.006;
const clickPixels = 4;
const flyKeys: Record<string, readonly [forward: number, right: number, up: number]> = {
  KeyW: [1, 0, 0],
  KeyS: [-1, 0, 0],
  KeyD: [0, 1, 0],
  KeyA: [0, -1, 0],
  KeyE: [0, 0, 1],
  KeyQ: [0, 0, -1],
};

/** What steering tells its owner. */
export interface SteeringEvents {
  readonly click: (x: number, y: number) => void;
  readonly doubleClick: (x: number, y: number) => void;
  readonly hover: (x: number, y: number) => void;
  readonly leave: () => void;
  /** The hand took over from following the camera. */
  readonly takeOver: () => void;
}

/** Mouse and keys of the 3D view. Drag turns, right or Shift drag pans, the wheel comes closer; W A S D Q E fly. */
export class PointerSteering {
  readonly #viewport: Viewport;
  readonly #events: SteeringEvents;
  readonly #abort = new AbortController();
  readonly #held = new Set<string>();
  #rig: Rig = 'orbit';
  #drag: { pans: boolean; x: number; y: number; travelled: number } | undefined;
  #flying = 0;

  constructor(canvas: HTMLCanvasElement, viewport: Viewport, events: SteeringEvents) {
    this.#viewport = viewport;
    this.#events = events;
    const { signal } = this.#abort;
    canvas.addEventListener('pointerdown', (event) => this.#press(canvas, event), { signal });
    canvas.addEventListener('pointermove', (event) => this.#move(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.#release(event), { signal });
    canvas.addEventListener('pointercancel', () => (this.#drag = undefined), { signal });
    canvas.addEventListener('pointerleave', () => events.leave(), { signal });
    canvas.addEventListener('dblclick', (event) => events.doubleClick(event.offsetX, event.offsetY), { signal });
    canvas.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    canvas.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    canvas.addEventListener('keydown', (event) => this.#key(event, true), { signal });
    canvas.addEventListener('keyup', (event) => this.#key(event, false), { signal });
    canvas.addEventListener('blur', () => this.#held.clear(), { signal });
  }

  set rig(rig: Rig) {
    this.#rig = rig;
    this.#held.clear();
  }

  dispose(): void {
    this.#abort.abort();
    cancelAnimationFrame(this.#flying);
  }

  #press(canvas: HTMLCanvasElement, event: PointerEvent): void {
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    this.#drag = { pans: event.button !== 0 || event.shiftKey, x: event.offsetX, y: event.offsetY, travelled: 0 };
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    if (!drag) {
      this.#events.hover(event.offsetX, event.offsetY);
      return;
    }
    const [dx, dy] = [event.offsetX - drag.x, event.offsetY - drag.y];
    this.#drag = { ...drag, x: event.offsetX, y: event.offsetY, travelled: drag.travelled + Math.hypot(dx, dy) };
    if (this.#drag.travelled < clickPixels) {
      return;
    }
    if (this.#rig === 'follow') {
      this.#events.takeOver();
    }
    const { rig, size } = this.#viewport;
    const turn = this.#rig === 'fly' ? look : orbit;
    this.#viewport.moveTo(
      drag.pans ? pan(rig, dx, dy, size.height) : turn(rig, -dx * turnPerPixel, -dy * turnPerPixel),
    );
  }

  #release(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag && drag.travelled < clickPixels && event.button === 0) {
      this.#events.click(event.offsetX, event.offsetY);
    }
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { rig } = this.#viewport;
    if (this.#rig === 'fly') {
      this.#viewport.moveTo(walk(rig, (-event.deltaY / 400) * rig.distance, 0, 0));
    } else {
      if (this.#rig === 'follow') {
        this.#events.takeOver();
      }
      this.#viewport.moveTo(dolly(rig, Math.exp(event.deltaY / 600)));
    }
  }

  #key(event: KeyboardEvent, down: boolean): void {
    if (this.#rig !== 'fly' || !(event.code in flyKeys) || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    if (down) {
      this.#held.add(event.code);
      this.#flying ||= requestAnimationFrame((now) => this.#fly(now, now));
    } else {
      this.#held.delete(event.code);
    }
  }

  #fly(before: number, now: number): void {
    this.#flying = 0;
    if (this.#held.size === 0) {
      return;
    }
    const { rig } = this.#viewport;
    const reach = ((now - before) / 1000) * Math.max(0.3, rig.distance * 0.4);
    const sum = [0, 1, 2].map((i) => [...this.#held].reduce((total, code) => total + (flyKeys[code]?.[i] ?? 0), 0));
    this.#viewport.moveTo(walk(rig, (sum[0] ?? 0) * reach, (sum[1] ?? 0) * reach, (sum[2] ?? 0) * reach));
    this.#flying = requestAnimationFrame((next) => this.#fly(now, next));
  }
}
