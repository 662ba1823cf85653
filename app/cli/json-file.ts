import { readFile } from 'node:fs/promises';
import { lociError, type ErrorCode } from '../contract/errors.ts';
import { CommandFailure } from './output.ts';

/** Reads a JSON file, or ends the command with a message that names the file and the place of the mistake. */
export const readJsonFile = async (file: string, code: ErrorCode): Promise<unknown> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CommandFailure(lociError(code, `Cannot read ${file}: ${reason}`, 'Check the path.', { file }));
  }
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CommandFailure(lociError(code, `${file} is not valid JSON: ${reason}`, 'Mend the file there.', { file }));
  }
};
