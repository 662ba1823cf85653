import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { CommandFailure, printJson, printLine } from '../output.ts';
import { nonNegativeNumber, openEngine, withLibrary, type LibraryOptions } from '../options.ts';

interface ServeCommandOptions extends LibraryOptions {
  readonly port: number;
  readonly address: string;
}

/** Where the built window lies, beside the code. */
export const windowFolder = join(import.meta.dirname, '../../../dist/renderer');

/** `loci serve`: the workstation in a browser, or a headless machine's engine for one. */
export const serveCommand = (): Command =>
  withLibrary(new Command('serve').description('open the workstation for a browser on this machine'))
    .option('--port <n>', 'port to listen on; 0 takes any free one', nonNegativeNumber, 4590)
    .option('--address <ip>', 'address to listen on', '127.0.0.1')
    .action(async (options: ServeCommandOptions) => {
      const { serve } = await import('../../server/serve.ts');
      await using engine = await openEngine(options, 'write', true);
      const served = await serve(engine, {
        port: options.port,
        address: options.address,
        windowFolder: existsSync(windowFolder) ? windowFolder : undefined,
      });
      if (!served.ok) {
        throw new CommandFailure(served.error);
      }
      await using server = served.value;
      if (options.json) {
        printJson({ type: 'serving', url: server.url, library: engine.library.folder });
      } else {
        printLine(`Loci is open at ${server.url}`);
        printLine('Only this address, with its token, is let in. Ctrl+C ends it.');
      }
      await new Promise<void>((resolve) => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
      });
    });
