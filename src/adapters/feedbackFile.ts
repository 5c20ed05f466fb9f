// `.backstop/feedback.yaml` of a workspace folder as text: read before every look, and replaced as a whole or not at all.
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, succeed, type Result } from '../model/failure.ts';
import { feedbackFile } from '../model/feedback.ts';
import type { FeedbackFile } from '../model/ports.ts';

const largestBytes = 1_000_000;

export function createFeedbackFile(folder: string): FeedbackFile {
  const path = join(folder, feedbackFile);
  function read(): Result<string | undefined> {
    try {
      const { size } = statSync(path);
      return size > largestBytes
        ? fail('invalid', `${feedbackFile} is too large: ${size} bytes; at most ${largestBytes} are read.`)
        : succeed(readFileSync(path, 'utf8'));
    } catch (error) {
      return isMissing(error)
        ? succeed(undefined)
        : fail('invalid', `${feedbackFile} cannot be read.`, { cause: causeOf(error) });
    }
  }
  return {
    read,
    replace(expected, text) {
      const current = read();
      if (!current.ok) return current;
      if (current.value !== expected)
        return fail('refused', `${feedbackFile} was changed by somebody else just now.`, {
          hint: 'Look at it and try again.',
        });
      try {
        if (text === undefined) rmSync(path);
        else {
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(`${path}.new`, text);
          renameSync(`${path}.new`, path);
        }
        return succeed(undefined);
      } catch (error) {
        return fail('invalid', `${feedbackFile} cannot be written.`, {
          cause: causeOf(error),
          hint: 'Check the rights of the file and its folder.',
        });
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as { code?: string }).code ?? '');
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
