import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { failure, lociError, success } from '../contract/errors.ts';
import type { Result } from '../contract/errors.ts';

/** No picture or table is larger; an entry that claims to be would only fill the memory. */
const largestEntryBytes = 256 * 1024 * 1024;

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The files inside a ZIP file, read one by one where they lie. */
export class ZipArchive {
  readonly path: string;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(path: string, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.path = path;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** Opens an archive and reads its list of files; `source-unreadable` when it has none that can be read. */
  static async open(path: string): Promise<Result<ZipArchive>> {
    let zip: ZipFile | undefined;
    try {
      zip = await openPromise(path, { lazyEntries: true, autoClose: false });
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        entries.set(`${path}/${entry.fileName}`, entry);
      }
      return success(new ZipArchive(path, zip, entries));
    } catch (thrown) {
      zip?.close();
      return failure(
        lociError(
          'source-unreadable',
          `${path} is no ZIP archive that can be read: ${reasonOf(thrown)}`,
          'It may have been cut short: copy or export the recording again.',
          { file: path },
        ),
      );
    }
  }

  /** All files, as if the archive were a folder. */
  get files(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The bytes of a file, or `frame-missing` or `frame-unreadable`. */
  async read(file: string): Promise<Result<Uint8Array>> {
    const entry = this.#entries.get(file);
    if (entry === undefined) {
      return failure(lociError('frame-missing', `${file} is missing`, 'Export the recording again.', { file }));
    }
    try {
      if (entry.uncompressedSize > largestEntryBytes) {
        throw new RangeError(`it claims to have ${entry.uncompressedSize} bytes`);
      }
      return success(await buffer(await this.#zip.openReadStreamPromise(entry)));
    } catch (thrown) {
      return failure(
        lociError('frame-unreadable', `${file} cannot be read: ${reasonOf(thrown)}`, 'Export the recording again.', {
          file,
        }),
      );
    }
  }

  close(): void {
    this.#zip.close();
  }
}
