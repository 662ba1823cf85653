import { Command } from 'commander';
import { parseLabelDocument } from '../../scene/label-document.ts';
import { readJsonFile } from '../json-file.ts';
import { CommandFailure, formatTime, printJson, printLine } from '../output.ts';
import { chooseSession, openEngine, withEnvironment, type EnvironmentOptions } from '../options.ts';

/** `loci label import`: lifts an annotator's boxes to objects. */
export const labelCommand = (): Command =>
  new Command('label').description('people’s labels').addCommand(
    withEnvironment(
      new Command('import')
        .description('lift named boxes on frames to objects in 3D (docs/formats.md describes the file)')
        .argument('<labels.json>', 'file of boxes by presentation time'),
    )
      .option(
        '--session <name>',
        'recording that was labelled; not needed when the file names it, or there is one only',
      )
      .action(async (file: string, options: EnvironmentOptions & { session?: string }) => {
        const json = await readJsonFile(file, 'labels-invalid');
        const document = parseLabelDocument(json, file);
        if (!document.ok) {
          throw new CommandFailure(document.error);
        }
        await using engine = await openEngine(options, 'write');
        const session = options.session ?? document.value.session;
        const chosen = await chooseSession(engine, { ...options, ...(session !== undefined && { session }) });
        const report = await engine.importLabels(chosen, document.value);
        if (!report.ok) {
          throw new CommandFailure(report.error);
        }
        if (options.json) {
          printJson({ type: 'labels', session: chosen, ...report.value });
          return;
        }
        const { observations, objectsCreated, objectsUpdated, unplaced } = report.value;
        printLine(
          `${observations} boxes: ${objectsCreated} new objects, ${objectsUpdated} updated, ${unplaced.length} not placed.`,
        );
        for (const { ptsMicros, label, reason } of unplaced) {
          printLine(`  ${formatTime(ptsMicros)} ${label}: ${reason}`);
        }
      }),
  );
