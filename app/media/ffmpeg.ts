import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { failure, lociError, success } from '../contract/errors.ts';
import type { LociError, Result } from '../contract/errors.ts';

/** The programs that read and write video, run as separate processes. */
export type Tool = 'ffmpeg' | 'ffprobe';

/** A running tool: nothing on its standard input, pipes on its outputs. */
export type ToolProcess = ChildProcessByStdio<null, Readable, Readable>;

/** A running tool that is fed through a pipe; it says nothing on its standard output. */
export type ToolWithInput = ChildProcessByStdio<Writable, null, Readable>;

/** A running tool that reads what is written to it, and answers on its standard output. */
export type PipedToolProcess = ChildProcessByStdio<Writable, Readable, Readable>;

const overrideVariables: Record<Tool, string> = { ffmpeg: 'LOCI_FFMPEG', ffprobe: 'LOCI_FFPROBE' };

/** What to start: the program named by `LOCI_FFMPEG` or `LOCI_FFPROBE`, else the one on PATH. */
const toolPath = (tool: Tool): string => process.env[overrideVariables[tool]] ?? tool;

const toolMissing = (tool: Tool): LociError =>
  lociError(
    'tool-missing',
    `${toolPath(tool)} could not be started`,
    `Install FFmpeg (sudo apt-get install ffmpeg) or set ${overrideVariables[tool]} to the path of ${tool}.`,
    { file: toolPath(tool) },
  );

/** Starts a tool; a failure says that it is not installed. */
export const startTool = async (tool: Tool, args: readonly string[]): Promise<Result<ToolProcess>> => {
  const child = spawn(toolPath(tool), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    await once(child, 'spawn');
  } catch {
    return failure(toolMissing(tool));
  }
  return success(child);
};

/** Starts a tool that reads its standard input. */
export const startToolWithInput = async (tool: Tool, args: readonly string[]): Promise<Result<ToolWithInput>> => {
  const child = spawn(toolPath(tool), args, { stdio: ['pipe', 'ignore', 'pipe'] });
  try {
    await once(child, 'spawn');
  } catch {
    return failure(toolMissing(tool));
  }
  return success(child);
};

/** Starts a tool that reads its standard input and answers on its standard output. */
export const startPipedTool = async (tool: Tool, args: readonly string[]): Promise<Result<PipedToolProcess>> => {
  const child = spawn(toolPath(tool), args, { stdio: ['pipe', 'pipe', 'pipe'] });
  // A tool that ends early closes its input; why it did is in its log and its exit code.
  child.stdin.on('error', () => undefined);
  try {
    await once(child, 'spawn');
  } catch {
    return failure(toolMissing(tool));
  }
  return success(child);
};

/** Ends a tool at once and waits until it is gone, so that it holds neither memory nor files afterwards. */
export const stopTool = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
};

/** The exit code of a tool, once its outputs are read; `undefined` when a signal ended it. */
export const exitCodeOf = async (child: ChildProcess): Promise<number | undefined> => {
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, 'exit');
  }
  return child.exitCode ?? undefined;
};

/** What a tool that ran to its end has said. */
export interface ToolOutput {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const readText = async (stream: Readable): Promise<string> => {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    text += chunk as string;
  }
  return text;
};

/** Runs a tool whose output is short to its end, or until it has had `withinMillis`. */
export const runTool = async (
  tool: Tool,
  args: readonly string[],
  withinMillis?: number,
): Promise<Result<ToolOutput>> => {
  const started = await startTool(tool, args);
  if (!started.ok) {
    return started;
  }
  const child = started.value;
  const timer = withinMillis === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), withinMillis);
  const [stdout, stderr] = await Promise.all([readText(child.stdout), readText(child.stderr)]);
  clearTimeout(timer);
  return success({ exitCode: await exitCodeOf(child), stdout, stderr });
};

/**
 * The text of a message that FFmpeg logged with `-loglevel level+…` as an error, without the level and the address of
 * the part that spoke; `undefined` for every other line.
 */
export const errorMessageOf = (line: string): string | undefined => {
  const match = /^(?:\[[^\]]+ @ 0x[0-9a-f]+\] )?\[(?:error|fatal|panic)\] (.*)$/.exec(line);
  return match?.[1]?.trim();
};
