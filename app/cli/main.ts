#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { fromThrown } from '../contract/errors.ts';
import { lociVersion } from '../engine/version.ts';
import { askCommand } from './commands/ask.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { historyCommand, redoCommand, undoCommand } from './commands/history.ts';
import { ingestCommand } from './commands/ingest.ts';
import { labelCommand } from './commands/label.ts';
import { levelCommand } from './commands/level.ts';
import { environmentsCommand, keyframesCommand, objectsCommand, sessionsCommand } from './commands/list.ts';
import { projectCommand } from './commands/project.ts';
import { mapCommand } from './commands/map.ts';
import { scaleCommand } from './commands/scale.ts';
import { serveCommand } from './commands/serve.ts';
import { CommandFailure, reportFailure } from './output.ts';

const program = new Command('loci')
  .description('Watches a video, remembers the place in it, and answers spatial questions with evidence.')
  .version(lociVersion)
  .showHelpAfterError('(loci --help lists the commands)');

const commands = [
  ingestCommand(),
  askCommand(),
  environmentsCommand(),
  sessionsCommand(),
  objectsCommand(),
  keyframesCommand(),
  labelCommand(),
  scaleCommand(),
  levelCommand(),
  mapCommand(),
  historyCommand(),
  undoCommand(),
  redoCommand(),
  importCommand(),
  exportCommand(),
  projectCommand(),
  serveCommand(),
];
for (const command of commands) {
  program.addCommand(command);
}
// commander would exit with 1, which means here that the input was at fault.
const overrideExit = (command: Command): void => {
  command.exitOverride();
  command.commands.forEach(overrideExit);
};
overrideExit(program);

// `loci keyframes | head` closes the pipe early, which is no fault.
process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
  if (thrown.code === 'EPIPE') {
    process.exit(0);
  }
  throw thrown;
});

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  } else if (thrown instanceof CommandFailure) {
    reportFailure(thrown.error);
  } else {
    const error = fromThrown(thrown);
    reportFailure(error);
    if (error.code === 'internal') {
      console.error(thrown);
    }
  }
}
