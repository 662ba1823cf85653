import { Command, InvalidArgumentError } from 'commander';
import type { LevelRequest } from '../../contract/edit.ts';
import { lociError } from '../../contract/errors.ts';
import { chooseSession, numbers, openEngine, withSession, type SessionOptions } from '../options.ts';
import { CommandFailure } from '../output.ts';
import { printRevision } from '../revision.ts';

interface LevelOptions extends SessionOptions {
  readonly floor?: LevelRequest;
  readonly auto?: boolean;
}

/** Reads `x,y,z` or `x,y,z,nx,ny,nz`. */
const floor = (text: string): LevelRequest => {
  const count = text.split(',').length;
  if (count !== 3 && count !== 6) {
    throw new InvalidArgumentError('It must be x,y,z of a place on the floor, or x,y,z,nx,ny,nz with its normal.');
  }
  const [x = 0, y = 0, z = 0, ...normal] = numbers(text, count);
  const [nx = 0, ny = 0, nz = 0] = normal;
  return { kind: 'floor', point: [x, y, z], ...(normal.length > 0 && { normal: [nx, ny, nz] }) };
};

/** `loci level`: turns a recording so that its floor is level. */
export const levelCommand = (): Command =>
  withSession(
    new Command('level').description('turn a recording so that its floor is level; objects and relations follow'),
  )
    .option('--auto', 'by the floor, the tables and the walls of its map')
    .option('--floor <x,y,z[,nx,ny,nz]>', 'by a place on its floor, with its normal where that is known', floor)
    .action(async (options: LevelOptions) => {
      const request: LevelRequest | undefined = options.floor ?? (options.auto ? { kind: 'auto' } : undefined);
      if (!request || (options.floor && options.auto)) {
        throw new CommandFailure(
          lociError('bad-usage', 'One way to find the floor is needed', 'Give --auto or --floor x,y,z.'),
        );
      }
      await using engine = await openEngine(options, 'write');
      printRevision(await engine.level(await chooseSession(engine, options), request), options.json);
    });
