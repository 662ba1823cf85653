import { binaryPaths, decodePoints, decodeTrajectory } from '../../app/contract/binary.ts';
import type { PointCloud } from '../../app/contract/binary.ts';
import type { FrameRecord } from '../../app/contract/session.ts';
import { binaryUrl } from './client.ts';
import { RefusedError } from './problem.ts';

const fetchBytes = async (url: string): Promise<ArrayBuffer> => {
  const response = await fetch(url);
  if (!response.ok) {
    const reason: unknown = await response.json().catch(() => undefined);
    throw new RefusedError(`The engine answered ${response.status} to ${new URL(url).pathname}`, reason);
  }
  return response.arrayBuffer();
};

/** Address of the playable recording. */
export const videoUrl = (session: string): string => binaryUrl(binaryPaths.video, { session });

/** Address of a keyframe's picture. */
export const pictureUrl = (session: string, ptsMicros: number): string =>
  binaryUrl(binaryPaths.picture, { session, pts: ptsMicros });

/** What moves in a keyframe, white where it does; undefined when nothing moves. */
export const fetchMask = async (session: string, ptsMicros: number): Promise<ImageBitmap | undefined> => {
  const bytes = await fetchBytes(binaryUrl(binaryPaths.mask, { session, pts: ptsMicros }));
  return bytes.byteLength > 0 ? createImageBitmap(new Blob([bytes], { type: 'image/png' })) : undefined;
};

/** Every frame's pose, in order of time. */
export const fetchTrajectory = async (session: string): Promise<FrameRecord[]> =>
  decodeTrajectory(await fetchBytes(binaryUrl(binaryPaths.trajectory, { session })));

/** The map of a session. */
export const fetchPoints = async (session: string): Promise<PointCloud> =>
  decodePoints(await fetchBytes(binaryUrl(binaryPaths.points, { session })));

/**
 * Hands a file to the engine and answers the path under which it can be ingested. `XMLHttpRequest` because `fetch`
 * tells nothing of how far an upload is.
 */
export const uploadFile = (file: File, onShare: (share: number) => void, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', binaryUrl(binaryPaths.upload, { name: file.name }));
    request.responseType = 'json';
    request.upload.addEventListener('progress', (event) => onShare(event.total > 0 ? event.loaded / event.total : 0));
    request.addEventListener('error', () => reject(new Error(`${file.name} could not be sent to the engine`)));
    request.addEventListener('abort', () => reject(new DOMException('The upload was cancelled', 'AbortError')));
    request.addEventListener('load', () => {
      const answer: unknown = request.response;
      if (typeof answer === 'object' && answer !== null && 'path' in answer && typeof answer.path === 'string') {
        resolve(answer.path);
      } else {
        reject(new RefusedError(`The engine refused ${file.name} (${request.status})`, answer));
      }
    });
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
