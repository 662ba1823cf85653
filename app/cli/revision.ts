import type { Revision } from '../contract/edit.ts';
import type { Result } from '../contract/errors.ts';
import { CommandFailure, printJson, printLine } from './output.ts';

/** Tells what a command did to the edit log, or ends it with the reason why it did nothing. */
export const printRevision = (result: Result<Revision>, json: boolean | undefined): void => {
  if (!result.ok) {
    throw new CommandFailure(result.error);
  }
  const revision = result.value;
  if (json) {
    printJson({ type: 'revision', ...revision });
  } else {
    printLine(`${revision.summary} (revision ${revision.revision}; loci undo takes it back).`);
  }
};
