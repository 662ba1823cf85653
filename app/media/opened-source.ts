import type { Result } from '../contract/errors.ts';
import type { SourceOptions } from '../contract/job.ts';
import type { SourceKind } from '../contract/session.ts';
import type { FrameSource } from './frame.ts';

/**
 * How FFmpeg reads the very frames that a source yields, with their time stamps: straight from a video with input
 * options and filters, or from single pictures that are each shown until the next. `frames`: FFmpeg cannot, and the
 * source's own frames are written out for it.
 */
export type EncoderInput =
  | { readonly type: 'video'; readonly input: readonly string[]; readonly filters: readonly string[] }
  | { readonly type: 'pictures'; readonly pictures: readonly { readonly file: string; readonly ptsMicros: number }[] }
  | { readonly type: 'frames' };

/** What each kind of source offers to this room beyond what the others see of it. */
export interface OpenedSource extends FrameSource {
  readonly encoderInput: EncoderInput;
}

/** One kind of recording: how to recognise it, and how to open it. */
export interface SourceFormat {
  readonly kind: SourceKind;
  /** What a person has to have, for the message when nothing recognises a path. */
  readonly description: string;
  /** Tells from the file system alone; `names` are the entries of a folder, `undefined` for a file at `path`. */
  recognises(names: readonly string[] | undefined, path: string): boolean;
  open(path: string, options: SourceOptions): Promise<Result<OpenedSource>>;
}
