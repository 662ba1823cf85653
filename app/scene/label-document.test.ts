import { describe, expect, it } from 'vitest';
import { parseLabelDocument } from './label-document.ts';

const box = { label: 'mug', box: [1, 2, 3, 4] };
const labels = (...boxes: unknown[]) => ({
  version: 1,
  frames: [
    { ptsMicros: 0, boxes: [box] },
    { ptsMicros: 40_000, boxes },
  ],
});

describe('labels from a file', () => {
  it('are read', () => {
    const result = parseLabelDocument(labels({ ...box, instance: 'left' }));
    expect(result).toMatchObject({ ok: true, value: { annotator: 'person' } });
  });

  it.each([
    ['another version', { ...labels(), version: 2 }, 'version'],
    ['no frames', { version: 1 }, 'frames'],
    ['a time in seconds', { version: 1, frames: [{ ptsMicros: 1.5, boxes: [] }] }, 'frame 1, ptsMicros'],
    ['a box of three numbers', labels(box, { label: 'mug', box: [1, 2, 3] }), 'frame 2, box 2, box'],
    ['a box without width', labels({ label: 'mug', box: [1, 2, 0, 4] }), 'frame 2, box 1, box, number 3'],
    ['an empty name', labels({ ...box, label: '  ' }), 'frame 2, box 1, label'],
    ['text', 'labels', ''],
  ])('are refused with %s', (_case, json, place) => {
    const result = parseLabelDocument(json, 'labels.json');
    expect(result).toMatchObject({ ok: false, error: { code: 'labels-invalid', file: 'labels.json' } });
    expect(!result.ok && result.error.message).toContain(place);
  });
});
