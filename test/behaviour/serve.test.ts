import { request as httpRequest } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { contract } from '../../app/contract/api.ts';
import { binaryPaths, decodeTrajectory } from '../../app/contract/binary.ts';
import { ingestRequestSchema } from '../../app/contract/job.ts';
import { Engine } from '../../app/engine/engine.ts';
import { decodeMaskPng, encodeMaskPng } from '../../app/media/encode.ts';
import { serve, type Served } from '../../app/server/serve.ts';
import { makeVideo, temporaryFolder } from '../fixtures/recordings.ts';
import { aKeyframe, aSession } from '../fixtures/stored-session.ts';

type Client = ContractRouterClient<typeof contract>;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let engine: Engine;
let server: Served;
let video: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  video = await makeVideo(folder.path, { name: 'walk.mp4', frames: 45 });
  const opened = await Engine.open({ libraryFolder: join(folder.path, 'library'), mode: 'write', create: true });
  if (!opened.ok) {
    throw new Error(opened.error.message);
  }
  engine = opened.value;
  const served = await serve(engine);
  if (!served.ok) {
    throw new Error(served.error.message);
  }
  server = served.value;
});

afterAll(async () => {
  await server.close();
  await engine.close();
  await folder[Symbol.asyncDispose]();
});

interface Response {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/** A request with any header that a hostile page or program could send. */
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port: server.port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject).end();
  });

const connect = async (query: string, headers: Record<string, string> = {}): Promise<WebSocket> => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc${query}`, { headers });
  await new Promise<void>((resolve, reject) => socket.once('open', () => resolve()).once('error', reject));
  return socket;
};

const data = (path: string, session: string): string =>
  `${path}?session=${encodeURIComponent(session)}&token=${server.token}`;

describe('the door of the engine', () => {
  it('opens to the token only', async () => {
    expect((await get(`${binaryPaths.video}?session=x`)).status).toBe(401);
    expect((await get(`${binaryPaths.video}?session=x&token=wrong`)).status).toBe(401);
    await expect(connect('')).rejects.toThrow('401');
    await expect(connect('?token=wrong')).rejects.toThrow('401');
    const socket = await connect(`?token=${server.token}`);
    socket.close();
  });

  it('stays shut to other names and other pages, even with the token', async () => {
    const path = data(binaryPaths.trajectory, 'x');
    expect((await get(path)).status).toBe(200);
    expect((await get(path, { Host: 'evil.example' })).status).toBe(403);
    expect((await get(path, { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await get(path, { Origin: 'null' })).status).toBe(403);
    expect((await get(path, { Origin: `http://127.0.0.1:${server.port}` })).status).toBe(200);
    await expect(connect(`?token=${server.token}`, { Origin: 'http://evil.example' })).rejects.toThrow('403');
  });

  it('does not lead out of the window’s folder', async () => {
    expect((await get('/../package.json')).status).toBe(404);
    expect((await get('/%2e%2e/package.json')).status).toBe(404);
  });
});

describe('a client of the engine', () => {
  it('ingests, follows the job, and reads the results', async () => {
    const socket = await connect(`?token=${server.token}`);
    const client: Client = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
    expect(await client.health()).toMatchObject({ readOnly: false });

    const job = await client.jobs.start(ingestRequestSchema.parse({ path: video, environment: 'yard' }));
    let state: string = job.state;
    for await (const change of await client.jobs.watch()) {
      state = change.state;
      if (state !== 'running') {
        break;
      }
    }
    expect(state).toBe('done');

    const [session] = await client.sessions.list({ environment: 'yard' });
    expect(session).toMatchObject({ id: 'yard/walk', frames: 45, status: 'complete' });
    const keyframes = await client.keyframes.list({ sessionId: 'yard/walk' });
    expect(keyframes.length).toBe(session!.keyframes);
    const timeline = await client.memory.timeline({ sessionId: 'yard/walk' });
    expect(timeline).toMatchObject({ workingCapacity: 8, episodicCapacity: 32 });
    expect(timeline.stepPtsMicros).toEqual([0, 500_000, 1_000_000]);

    const trajectory = await get(data(binaryPaths.trajectory, 'yard/walk'));
    expect(decodeTrajectory(new Uint8Array(trajectory.body).buffer)).toHaveLength(45);
    const picture = await get(`${data(binaryPaths.picture, 'yard/walk')}&pts=${keyframes[0]!.ptsMicros}`);
    expect(picture.headers['content-type']).toBe('image/jpeg');
    expect(picture.body.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));

    const mask = await get(`${data(binaryPaths.mask, 'yard/walk')}&pts=${keyframes[0]!.ptsMicros}`);
    expect(mask.status).toBe(204);
    expect(mask.body).toHaveLength(0);

    expect(await client.sessions.preview({ sessionId: 'yard/walk' })).toEqual({ state: 'ready' });
    const whole = await readFile(video);
    const part = await get(data(binaryPaths.video, 'yard/walk'), { Range: 'bytes=100-199' });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 100-199/${whole.length}`);
    expect(part.body).toEqual(whole.subarray(100, 200));
    socket.close();
  });

  it('reads what moves in a keyframe, where something does', async () => {
    const moving = { width: 8, height: 6, data: Uint8Array.from({ length: 48 }, (_, i) => (i % 8 < 3 ? 255 : 0)) };
    await engine.library.saveSession(aSession('yard', 'party'));
    const keyframe = { ...aKeyframe('yard/party', 7), maskPng: await encodeMaskPng(moving) };
    await engine.library.saveKeyframes([keyframe]);

    const mask = await get(`${data(binaryPaths.mask, 'yard/party')}&pts=${keyframe.ptsMicros}`);
    expect(mask.status).toBe(200);
    expect(mask.headers['content-type']).toBe('image/png');
    expect(await decodeMaskPng(mask.body)).toEqual(moving);
    expect((await get(`${data(binaryPaths.mask, 'yard/party')}&pts=1`)).status).toBe(204);
    expect((await get(`${binaryPaths.mask}?session=yard%2Fparty&pts=${keyframe.ptsMicros}`)).status).toBe(401);
  });

  it('is told what went wrong, with the remedy', async () => {
    const socket = await connect(`?token=${server.token}`);
    const client: Client = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
    await expect(client.sessions.get({ sessionId: 'nowhere/never' })).rejects.toMatchObject({
      code: 'LOCI',
      data: { code: 'session-not-found' },
    });
    await expect(client.questions.ask({ environment: 'nowhere', question: 'where is the mug?' })).rejects.toMatchObject(
      {
        data: { code: 'environment-not-found' },
      },
    );
    socket.close();
  });
});
