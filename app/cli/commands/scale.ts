import { Command } from 'commander';
import type { Place, ScaleRequest } from '../../contract/edit.ts';
import { lociError } from '../../contract/errors.ts';
import { chooseSession, numbers, openEngine, withSession, type SessionOptions } from '../options.ts';
import { CommandFailure } from '../output.ts';
import { printRevision } from '../revision.ts';

interface ScaleOptions extends SessionOptions {
  readonly length?: number;
  readonly from?: Place;
  readonly to?: Place;
  readonly cameraHeight?: number;
  readonly recordedDepth?: boolean;
}

/** Reads a place: `x,y,z`, `pts:u,v` for a pixel of the keyframe at that time, or the id of an object. */
const place = (text: string): Place => {
  const [, pts, pixel] = /^(\d+):(.*)$/.exec(text) ?? [];
  if (pts !== undefined && pixel !== undefined) {
    const [u = 0, v = 0] = numbers(pixel, 2);
    return { keyframe: Number(pts), pixel: [u, v] };
  }
  if (/^[\s\d.,+\-eE]+$/.test(text)) {
    const [x = 0, y = 0, z = 0] = numbers(text, 3);
    return { point: [x, y, z] };
  }
  return { objectId: text };
};

/** The one way of measuring that the options name. */
const requestOf = ({ length, from, to, cameraHeight, recordedDepth }: ScaleOptions): ScaleRequest | undefined => {
  const ways: ScaleRequest[] = [];
  if (length !== undefined && from && to) {
    ways.push({ kind: 'known-length', lengthMetres: length, from, to });
  }
  if (cameraHeight !== undefined) {
    ways.push({ kind: 'camera-height', heightMetres: cameraHeight });
  }
  if (recordedDepth) {
    ways.push({ kind: 'recorded-depth' });
  }
  const isWhole = [length, from, to].every((part) => (part === undefined) === (length === undefined));
  return ways.length === 1 && isWhole ? ways[0] : undefined;
};

/** `loci scale`: makes a recording metric. */
export const scaleCommand = (): Command =>
  withSession(
    new Command('scale').description('make a recording metric, or correct its scale; objects and relations follow'),
  )
    .option('--length <metres>', 'a known length, from --from to --to', Number)
    .option('--from <place>', 'its one end: x,y,z of the map, an object, or pts:u,v for a pixel of a keyframe', place)
    .option('--to <place>', 'its other end', place)
    .option('--camera-height <metres>', 'usual height of the camera above the floor', Number)
    .option('--recorded-depth', 'depth that was recorded with some of the keyframes')
    .action(async (options: ScaleOptions) => {
      const request = requestOf(options);
      if (!request) {
        throw new CommandFailure(
          lociError(
            'bad-usage',
            'One known thing is needed',
            'Give --length with --from and --to, or --camera-height, or --recorded-depth.',
          ),
        );
      }
      await using engine = await openEngine(options, 'write');
      printRevision(await engine.scale(await chooseSession(engine, options), request), options.json);
    });
