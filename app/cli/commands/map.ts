import { Command } from 'commander';
import { mapEditSchema, type MapEdit } from '../../contract/edit.ts';
import { lociError } from '../../contract/errors.ts';
import { readJsonFile } from '../json-file.ts';
import { chooseSession, openEngine, withSession, type SessionOptions } from '../options.ts';
import { CommandFailure } from '../output.ts';
import { printRevision } from '../revision.ts';

const parseEdit = (json: unknown, file: string): MapEdit => {
  const parsed = mapEditSchema.safeParse(json);
  if (parsed.success) {
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  const at = issue?.path.map(String).join('.') ?? '';
  throw new CommandFailure(
    lociError(
      'edit-invalid',
      `${file} cannot be read as an edit: ${at ? `${at}: ` : ''}${issue?.message ?? 'its shape is another'}`,
      'docs/formats.md describes edits.',
      { file, ...(at && { place: at }) },
    ),
  );
};

/** `loci map edit`: changes a part of the map. */
export const mapCommand = (): Command =>
  new Command('map').description('the map as people edit it').addCommand(
    withSession(
      new Command('edit')
        .description('delete, move, duplicate or insert a part of the map (docs/formats.md describes the file)')
        .requiredOption('--file <edit.json>', 'the edit'),
    ).action(async (options: SessionOptions & { file: string }) => {
      const edit = parseEdit(await readJsonFile(options.file, 'edit-invalid'), options.file);
      await using engine = await openEngine(options, 'write');
      printRevision(await engine.editMap(await chooseSession(engine, options), edit), options.json);
    }),
  );
