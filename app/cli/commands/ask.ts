import { Command } from 'commander';
import type { Answer } from '../../contract/question.ts';
import { CommandFailure, formatTime, printJson, printLine } from '../output.ts';
import { chooseEnvironment, openEngine, withEnvironment, type EnvironmentOptions } from '../options.ts';

/** `loci ask`: asks a question of an environment and keeps it with its answer. */
export const askCommand = (): Command =>
  withEnvironment(
    new Command('ask')
      .description('ask a question about a place, such as "how far is the mug from the kettle?"')
      .argument('<question>', 'in plain English'),
  ).action(async (question: string, options: EnvironmentOptions) => {
    await using engine = await openEngine(options, 'write-if-possible');
    const environment = await chooseEnvironment(engine, options);
    const asked = await engine.ask(environment, question);
    if (!asked.ok) {
      throw new CommandFailure(asked.error);
    }
    if (options.json) {
      printJson(asked.value);
    } else {
      describeAnswer(asked.value.answer).forEach(printLine);
    }
  });

/** An answer for people: the sentence, then what it rests on. */
export const describeAnswer = (answer: Answer): string[] => {
  const lines = [answer.text];
  const facts: string[] = [];
  if (answer.value !== undefined) {
    const shown = typeof answer.value === 'number' ? Number(answer.value.toPrecision(3)) : answer.value;
    facts.push(`value ${shown}${answer.unit === undefined ? '' : ` ${answer.unit}`}`);
  }
  if (answer.status === 'answered') {
    facts.push(`confidence ${Math.round(answer.confidence * 100)} %`);
  }
  const frames = answer.evidence.frames.map(({ sessionId, ptsMicros }) => `${sessionId} ${formatTime(ptsMicros)}`);
  if (frames.length > 0) {
    facts.push(`seen at ${frames.slice(0, 4).join(', ')}${frames.length > 4 ? ` and ${frames.length - 4} more` : ''}`);
  }
  if (facts.length > 0) {
    lines.push(`  ${facts.join(' · ')}`);
  }
  lines.push(`  ${answer.because}`);
  return lines;
};
