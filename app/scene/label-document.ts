import { failure, lociError, type Result, success } from '../contract/errors.ts';
import { type LabelDocument, labelDocumentSchema } from '../contract/scene.ts';

const example = `{ "version": 1, "frames": [{ "ptsMicros": 1200000, "boxes": [{ "label": "mug", "box": [310, 220, 64, 80] }] }] }`;

/** `frames.2.boxes.0.box.3` as a person counts: `frame 3, box 1, number 4`. */
const placeOf = (path: readonly PropertyKey[]): string => {
  const [frames, frame, boxes, box, field, index] = path;
  if (frames !== 'frames' || typeof frame !== 'number') {
    return path.map(String).join('.');
  }
  return [
    `frame ${frame + 1}`,
    boxes === undefined || typeof box === 'number' ? '' : String(boxes),
    typeof box === 'number' ? `box ${box + 1}` : '',
    field === undefined ? '' : String(field),
    typeof index === 'number' ? `number ${index + 1}` : '',
  ]
    .filter(Boolean)
    .join(', ');
};

/** Reads labels from JSON that anyone may have written. `file` is named in the message when it is at fault. */
export const parseLabelDocument = (json: unknown, file?: string): Result<LabelDocument> => {
  const parsed = labelDocumentSchema.safeParse(json);
  if (parsed.success) {
    return success(parsed.data);
  }
  const [issue] = parsed.error.issues;
  const place = placeOf(issue?.path ?? []);
  return failure(
    lociError(
      'labels-invalid',
      `${file ?? 'The document'} cannot be read as labels: ${place ? `${place}: ` : ''}${issue?.message ?? 'wrong shape'}`,
      `Labels look like ${example}; a box is left, top, width, height in pixels. Correct this and import again.`,
      { ...(file === undefined ? {} : { file }), ...(place ? { place } : {}) },
    ),
  );
};
