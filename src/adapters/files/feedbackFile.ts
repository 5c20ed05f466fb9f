// The text of `.backstop/feedback.yaml` in a workspace folder: read before every evaluation, and always replaced as a
// whole.
import * as fs from 'node:fs';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, succeed, type Result } from '../../model/failure.ts';
import { feedbackFile } from '../../model/evidence/feedback.ts';
import type { FeedbackFile } from '../../model/ports.ts';
import { readRegularFile } from '../../model/regularFile.ts';

const largestBytes = 1_000_000;

export function createFeedbackFile(folder: string): FeedbackFile {
  const path = join(folder, feedbackFile);
  function read(): Result<string | undefined> {
    const read = readRegularFile(fs, path, largestBytes, folder);
    if ('bytes' in read) return succeed(new TextDecoder().decode(read.bytes));
    return read.isMissing ? succeed(undefined) : fail('invalid', `${feedbackFile} cannot be read: it ${read.mistake}.`);
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
          // A repository may contain a link of this name; it is removed and not followed.
          rmSync(`${path}.new`, { force: true });
          writeFileSync(`${path}.new`, text, { flag: 'wx' });
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

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
