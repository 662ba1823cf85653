import { describe, expect, it } from 'vitest';
import { parseLabelDocument } from './label-document.ts';

const frame = { ptsMicros: 33_333, boxes: [{ label: 'mug', box: [1, 2, 3, 4] }] };

describe('a file of labels', () => {
  it('is read with the annotator filled in', () => {
    const read = parseLabelDocument({ version: 1, frames: [frame] });
    expect(read).toMatchObject({ ok: true, value: { annotator: 'person', frames: [frame] } });
  });

  it.each([
    [
      { version: 1, frames: [frame, { ...frame, boxes: [{ label: 'mug', box: [1, 2, 0, 4] }] }] },
      'frame 2, box 1, box',
    ],
    [{ version: 1, frames: [{ ...frame, ptsMicros: 1.5 }] }, 'frame 1, ptsMicros'],
    [{ version: 1, frames: [{ ...frame, boxes: [{ label: ' ', box: [1, 2, 3, 4] }] }] }, 'frame 1, box 1, label'],
    [{ version: 2, frames: [] }, 'version'],
    ['labels', ''],
  ])('%j is refused with the place of the mistake', (json, place) => {
    const read = parseLabelDocument(json, 'labels.json');
    expect(read.ok).toBe(false);
    expect(!read.ok && read.error.message).toContain('labels.json');
    expect(!read.ok && (read.error.place ?? '')).toContain(place);
  });
});
