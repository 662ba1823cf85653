import { failure, lociError, type Result } from '../contract/errors.ts';
import type { LabelDocument, LabelReport } from '../contract/scene.ts';
import type { Library } from '../memory/library.ts';

export const importLabels = (_library: Library, _sessionId: string, _document: LabelDocument): Promise<Result<LabelReport>> =>
  Promise.resolve(failure(lociError('internal', 'not yet', 'not yet')));
