import { failure, lociError, success } from '../../contract/errors.ts';
import type { Result } from '../../contract/errors.ts';
import type { DepthImage, RgbImage } from '../frame.ts';
import { decodeRgb, imageSizeOf } from '../image-files.ts';
import type { PictureStore } from '../image-sequence.ts';
import { decodeLzfse } from '../lzfse.ts';
import type { ImageSize } from '../scaling.ts';
import type { ZipArchive } from '../zip-archive.ts';

/** Depth of confidence 0 is a guess between surfaces; 1 and 2 were measured. */
const leastConfidence = 1;

/** The app writes metres; Loci keeps millimetres. */
const metresPerUnit = 0.001;
const largestUnits = 65_534;

/** Millimetres of what was measured and trusted. */
const depthFrom = (metres: Float32Array, confidence: Uint8Array | undefined): Uint16Array =>
  Uint16Array.from(metres, (value, i) => {
    const units = Math.round(value / metresPerUnit);
    const trusted = confidence === undefined || (confidence[i] ?? 0) >= leastConfidence;
    return trusted && units > 0 && units <= largestUnits ? units : 0;
  });

/** The pictures inside a recording: JPEG, and depth and confidence compressed with LZFSE. */
export class Record3dPictures implements PictureStore {
  readonly #archive: ZipArchive;
  readonly #files: ReadonlySet<string>;
  readonly #depthSize: ImageSize;

  constructor(archive: ZipArchive, depthSize: ImageSize) {
    this.#archive = archive;
    this.#files = new Set(archive.files);
    this.#depthSize = depthSize;
  }

  async sizeOf(file: string): Promise<ImageSize | undefined> {
    if (file.endsWith('.depth')) {
      return this.#depthSize;
    }
    const bytes = await this.#archive.read(file);
    return bytes.ok ? imageSizeOf(bytes.value) : undefined;
  }

  async readRgb(file: string): Promise<Result<RgbImage>> {
    const bytes = await this.#archive.read(file);
    return bytes.ok ? decodeRgb(bytes.value, file) : bytes;
  }

  async readDepth(file: string): Promise<Result<DepthImage>> {
    const { width, height } = this.#depthSize;
    const metres = await this.#decode(file, 4 * width * height);
    if (!metres.ok) {
      return metres;
    }
    const confidenceFile = file.replace(/\.depth$/, '.conf');
    const confidence = this.#files.has(confidenceFile)
      ? await this.#decode(confidenceFile, width * height)
      : success(undefined);
    return confidence.ok
      ? success({
          width,
          height,
          data: depthFrom(new Float32Array(metres.value.buffer), confidence.value),
          metresPerUnit,
        })
      : confidence;
  }

  async #decode(file: string, size: number): Promise<Result<Uint8Array<ArrayBuffer>>> {
    const compressed = await this.#archive.read(file);
    if (!compressed.ok) {
      return compressed;
    }
    const decoded = decodeLzfse(compressed.value, size);
    return typeof decoded === 'string'
      ? failure(
          lociError(
            'frame-unreadable',
            `${file} cannot be decoded: ${decoded}`,
            'The frame is used without depth. Export the recording again.',
            { file },
          ),
        )
      : success(decoded);
  }

  close(): Promise<void> {
    this.#archive.close();
    return Promise.resolve();
  }
}
