import type { Vector3 } from '../../app/contract/geometry.ts';

/** A name that floats at a place of the scene. */
export interface SceneLabel {
  readonly key: string;
  readonly text: string;
  readonly at: Vector3;
  readonly role: 'plain' | 'hovered' | 'evidence' | 'selected';
}

type Project = (point: Vector3) => readonly [number, number, number] | undefined;

const rank = { selected: 0, hovered: 1, evidence: 2, plain: 3 };
const characterPixels = 7;
const linePixels = 18;

/** Names over the 3D view as text of the page, so that they stay sharp. One that would cover another is left out. */
export class LabelLayer {
  readonly #root: HTMLElement;
  readonly #elements = new Map<string, HTMLElement>();
  #labels: readonly SceneLabel[] = [];

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  show(labels: readonly SceneLabel[]): void {
    this.#labels = labels;
    const keys = new Set(labels.map(({ key }) => key));
    for (const [key, element] of this.#elements) {
      if (!keys.has(key)) {
        element.remove();
        this.#elements.delete(key);
      }
    }
    for (const { key, text, role } of labels) {
      const element = this.#elements.get(key) ?? this.#root.appendChild(document.createElement('span'));
      this.#elements.set(key, element);
      element.textContent = text;
      element.dataset['role'] = role;
    }
  }

  /** Puts every label where its place is on screen. */
  place(project: Project, width: number, height: number): void {
    const placed: { left: number; top: number; right: number }[] = [];
    const candidates = this.#labels
      .map((label) => ({ label, at: project(label.at) }))
      .toSorted((a, b) => rank[a.label.role] - rank[b.label.role] || (a.at?.[2] ?? 0) - (b.at?.[2] ?? 0));
    for (const { label, at } of candidates) {
      const element = this.#elements.get(label.key);
      if (!element) {
        continue;
      }
      const half = (label.text.length * characterPixels) / 2 + 4;
      const inView = at !== undefined && at[0] > 0 && at[0] < width && at[1] > linePixels && at[1] < height;
      const box = at && { left: at[0] - half, right: at[0] + half, top: at[1] - linePixels };
      const free =
        box &&
        !placed.some(
          (other) => box.left < other.right && box.right > other.left && Math.abs(box.top - other.top) < linePixels,
        );
      element.hidden = !(inView && free);
      if (inView && box && free) {
        placed.push(box);
        element.style.transform = `translate(${at[0].toFixed(1)}px, ${at[1].toFixed(1)}px) translate(-50%, -100%)`;
      }
    }
  }

  clear(): void {
    this.show([]);
  }
}
