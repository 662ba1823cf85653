import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Preview } from '../contract/api.ts';
import { failure, fromThrown, lociError, success, type LociError, type Result } from '../contract/errors.ts';
import { openSource } from '../media/open-source.ts';
import { encodePreview, isBrowserPlayable } from '../media/preview.ts';
import type { Library } from '../memory/library.ts';

/** A file that a video element can play. */
export interface PlayableFile {
  readonly path: string;
  readonly contentType: string;
}

const contentTypes: Record<string, string> = { '.webm': 'video/webm', '.mov': 'video/quicktime' };

const asPlayable = (path: string): PlayableFile => ({
  path,
  contentType: contentTypes[extname(path).toLowerCase()] ?? 'video/mp4',
});

/**
 * Playable videos of sessions. A recording that a browser plays is served as it is; any other is encoded once, on
 * first use, into the library's `previews` folder, with the session's own time stamps.
 */
export class Previews {
  readonly #library: Library;
  readonly #running = new Map<string, { share: number; error?: LociError }>();
  readonly #abort = new AbortController();

  constructor(library: Library) {
    this.#library = library;
  }

  /** Says whether the session can be played, and starts the encoding when it must be made first. */
  async prepare(sessionId: string): Promise<Preview> {
    const found = await this.#find(sessionId);
    if (!found.ok) {
      return { state: 'unavailable', error: found.error };
    }
    if (found.value.file) {
      return { state: 'ready' };
    }
    const running = this.#running.get(sessionId);
    if (running?.error) {
      this.#running.delete(sessionId);
      return { state: 'unavailable', error: running.error };
    }
    if (!running) {
      this.#running.set(sessionId, { share: 0 });
      void this.#encode(sessionId, found.value.encodedPath);
    }
    return { state: 'preparing', share: running?.share ?? 0 };
  }

  /** The file to serve for a session that is ready. */
  async file(sessionId: string): Promise<Result<PlayableFile>> {
    const found = await this.#find(sessionId);
    if (!found.ok) {
      return found;
    }
    return found.value.file
      ? success(found.value.file)
      : failure(lociError('source-unreadable', 'The video is not ready yet', 'Ask for the preview first.'));
  }

  /** Stops whatever is being encoded. */
  close(): void {
    this.#abort.abort();
  }

  async #find(sessionId: string): Promise<Result<{ file?: PlayableFile; encodedPath: string }>> {
    const session = await this.#library.session(sessionId);
    if (!session.ok) {
      return session;
    }
    const { sourcePath, sourceKind, sourceFingerprint } = session.value;
    const name = createHash('sha256').update(`${sessionId} ${sourceFingerprint}`).digest('hex').slice(0, 24);
    const encodedPath = join(this.#library.folder, 'previews', `${name}.mp4`);
    if (await exists(encodedPath)) {
      return success({ file: asPlayable(encodedPath), encodedPath });
    }
    if (sourceKind === 'live') {
      return failure(
        lociError(
          'source-not-found',
          `${sourcePath} was watched live, and its video is not kept`,
          'Keyframes, the map and all answers are in the library.',
          { file: sourcePath },
        ),
      );
    }
    if (!(await exists(sourcePath))) {
      return failure(
        lociError(
          'source-not-found',
          `The recording ${sourcePath} is no longer there`,
          'Put it back to play it. Keyframes, the map and all answers are in the library.',
          { file: sourcePath },
        ),
      );
    }
    const playable = sourceKind === 'video' && (await isBrowserPlayable(sourcePath));
    return success(playable ? { file: asPlayable(sourcePath), encodedPath } : { encodedPath });
  }

  async #encode(sessionId: string, encodedPath: string): Promise<void> {
    const settle = (error?: LociError): void => {
      if (error) {
        this.#running.set(sessionId, { share: 0, error });
      } else {
        this.#running.delete(sessionId);
      }
    };
    try {
      const session = await this.#library.session(sessionId);
      if (!session.ok) {
        settle(session.error);
        return;
      }
      await mkdir(join(this.#library.folder, 'previews'), { recursive: true });
      const onProgress = (share: number): void => void this.#running.set(sessionId, { share });
      const opened = await openSource(session.value.sourcePath, session.value.sourceOptions);
      if (!opened.ok) {
        settle(opened.error);
        return;
      }
      await using source = opened.value;
      const encoded = await encodePreview(source, encodedPath, onProgress, this.#abort.signal);
      settle(encoded.ok ? undefined : encoded.error);
    } catch (thrown) {
      settle(fromThrown(thrown));
    }
  }
}

const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
};
