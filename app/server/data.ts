import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { binaryPaths, encodePoints, encodeTrajectory } from '../contract/binary.ts';
import { fromThrown, lociError, type LociError } from '../contract/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { sendFile } from './byte-range.ts';
import { securityHeaders } from './static-files.ts';

const noStore = { ...securityHeaders, 'Cache-Control': 'no-store' };

const sendBytes = (response: ServerResponse, contentType: string, bytes: Uint8Array): void => {
  response.writeHead(200, { ...noStore, 'Content-Type': contentType, 'Content-Length': String(bytes.byteLength) });
  response.end(bytes);
};

const sendError = (response: ServerResponse, status: number, error: LociError): void => {
  response.writeHead(status, { ...noStore, 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(error));
};

/** Takes a file into the library's `uploads` folder; half a file never keeps its name. */
const receiveUpload = async (
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> => {
  const folder = join(engine.library.folder, 'uploads', randomUUID());
  const file = join(folder, basename(url.searchParams.get('name') ?? '') || 'recording');
  await mkdir(folder, { recursive: true });
  try {
    await pipeline(request, createWriteStream(`${file}.part`));
    await rename(`${file}.part`, file);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    sendError(response, 500, fromThrown(thrown));
    return;
  }
  sendBytes(response, 'application/json; charset=utf-8', Buffer.from(JSON.stringify({ path: file })));
};

async function* packedTiles(engine: Engine, session: string): AsyncGenerator<Uint8Array> {
  for await (const { cloud } of engine.pointTiles(session)) {
    yield encodePoints(cloud);
  }
}

/** Answers the binary paths of the contract; false when the path is none of them. */
export const sendData = async (
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> => {
  const session = url.searchParams.get('session') ?? '';
  switch (url.pathname) {
    case binaryPaths.video: {
      const file = await engine.previews.file(session);
      if (file.ok) {
        await sendFile(request, response, file.value.path, { ...noStore, 'Content-Type': file.value.contentType });
      } else {
        sendError(response, 404, file.error);
      }
      return true;
    }
    case binaryPaths.picture: {
      const jpeg = await engine.library.picture(session, Number(url.searchParams.get('pts')));
      if (jpeg) {
        sendBytes(response, 'image/jpeg', jpeg);
      } else {
        sendError(
          response,
          404,
          lociError('keyframe-not-found', 'No picture is kept of this frame', 'Choose a keyframe.'),
        );
      }
      return true;
    }
    case binaryPaths.mask: {
      const png = await engine.library.mask(session, Number(url.searchParams.get('pts')));
      if (png) {
        sendBytes(response, 'image/png', png);
      } else {
        response.writeHead(204, noStore).end();
      }
      return true;
    }
    case binaryPaths.trajectory:
      sendBytes(response, 'application/octet-stream', encodeTrajectory(await engine.library.frames(session)));
      return true;
    case binaryPaths.points:
      // Tile by tile, so that a large map is never held as a whole; packed clouds in a row are a packed cloud.
      response.writeHead(200, { ...noStore, 'Content-Type': 'application/octet-stream' });
      await pipeline(packedTiles(engine, session), response);
      return true;
    case binaryPaths.upload:
      if (request.method !== 'POST' || engine.library.readOnly) {
        sendError(
          response,
          405,
          lociError('library-read-only', 'Nothing can be uploaded here', 'Open the library for writing.'),
        );
        return true;
      }
      await receiveUpload(engine, request, response, url);
      return true;
    default:
      return false;
  }
};
