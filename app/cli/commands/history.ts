import { Command } from 'commander';
import { chooseEnvironment, openEngine, withEnvironment, type EnvironmentOptions } from '../options.ts';
import { CommandFailure, printJson, printLine, printTable } from '../output.ts';

const stateOf = ({ undone, redoable }: { readonly undone: boolean; readonly redoable: boolean }): string =>
  redoable ? 'undone, can be redone' : undone ? 'undone' : 'in force';

/** `loci history`: what people changed of a place. */
export const historyCommand = (): Command =>
  withEnvironment(new Command('history').description('list what was measured, levelled and edited of a place')).action(
    async (options: EnvironmentOptions) => {
      await using engine = await openEngine(options, 'read');
      const revisions = await engine.library.edits.history(await chooseEnvironment(engine, options));
      if (options.json) {
        revisions.forEach(printJson);
      } else if (revisions.length === 0) {
        printLine('Nothing was edited yet.');
      } else {
        printTable(
          ['revision', 'kind', 'when', 'state', 'what'],
          revisions.map((revision) => [
            revision.revision,
            revision.kind,
            new Date(revision.atMillis).toISOString().slice(0, 19).replace('T', ' '),
            stateOf(revision),
            revision.summary,
          ]),
        );
      }
    },
  );

const retraction = (kind: 'undo' | 'redo', description: string): Command =>
  withEnvironment(new Command(kind).description(description)).action(async (options: EnvironmentOptions) => {
    await using engine = await openEngine(options, 'write');
    const result = await engine[kind](await chooseEnvironment(engine, options));
    if (!result.ok) {
      throw new CommandFailure(result.error);
    }
    if (options.json) {
      printJson({ type: 'revision', ...result.value });
    } else {
      printLine(`${kind === 'undo' ? 'Undone' : 'Redone'}: ${result.value.summary}.`);
    }
  });

/** `loci undo`: takes back the last edit of a place. */
export const undoCommand = (): Command => retraction('undo', 'take back the last edit of a place');

/** `loci redo`: does again what was undone last. */
export const redoCommand = (): Command => retraction('redo', 'do again what was undone last');
