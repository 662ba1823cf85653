import { Command } from 'commander';
import { parseSceneDocument } from '../../scene/scene-document.ts';
import { readJsonFile } from '../json-file.ts';
import { CommandFailure, printJson, printLine } from '../output.ts';
import { openEngine, withLibrary, type LibraryOptions } from '../options.ts';

/** `loci import scene`: takes a scene from plain JSON. */
export const importCommand = (): Command =>
  new Command('import').description('take data from elsewhere').addCommand(
    withLibrary(
      new Command('scene')
        .description('take objects from plain JSON (docs/formats.md describes the file)')
        .argument('<scene.json>', 'file with an environment and its objects'),
    )
      .option('--environment <name>', 'place to import into, instead of the one that the file names')
      .action(async (file: string, options: LibraryOptions & { environment?: string }) => {
        const document = parseSceneDocument(await readJsonFile(file, 'scene-invalid'), file);
        if (!document.ok) {
          throw new CommandFailure(document.error);
        }
        const environment = options.environment ?? document.value.environment;
        await using engine = await openEngine(options, 'write', true);
        const imported = await engine.importScene({ ...document.value, environment });
        if (!imported.ok) {
          throw new CommandFailure(imported.error);
        }
        if (options.json) {
          printJson({ type: 'scene', environment, objects: imported.value.objects });
        } else {
          printLine(`${imported.value.objects} objects imported into ${environment}.`);
        }
      }),
  );
