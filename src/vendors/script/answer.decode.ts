// Turns the exit code and the last line of a script into its answer.
import type { Decode } from '../../model/evidence/analysis.ts';
import type { Answer } from '../../model/evidence/evidence.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';

const longestReason = 500;

/**
 * Context: {source, program, status, failCode, atMs}. The exit code says the answer. Where it is 0, a last line that is
 * a JSON object says it. One that is broken is no answer: nobody passes by a mistake.
 */
export const decodeScriptAnswer: Decode = (bytes, context) => {
  const { status, failCode, atMs } = context;
  const line = lastLine(bytes);
  const told = readJson(line);
  const answer = told && status === 0 ? answerOf(told, context) : succeed(outcomeOf(Number(status), Number(failCode)));
  if (!answer.ok) return answer;
  const why = told ? (told['reason'] ?? '') : line;
  const given: Answer = {
    atMs: Number(atMs),
    outcome: answer.value,
    why: (typeof why === 'string' ? why : JSON.stringify(why)).slice(0, longestReason),
  };
  return succeed({ rows: 1, answers: [given] });
};

function lastLine(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes).trimEnd().split(/\r?\n/).at(-1)!.trim();
}

/** Undefined where it is none: a line of plain text is a reason. */
function readJson(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

function outcomeOf(status: number, failCode: number): Answer['outcome'] {
  return status === 0 ? 'pass' : status === failCode ? 'fail' : 'inconclusive';
}

function answerOf(
  { answer }: Readonly<Record<string, unknown>>,
  { source, program }: Parameters<Decode>[1],
): Result<Answer['outcome']> {
  return answer === 'pass' || answer === 'fail' || answer === 'inconclusive'
    ? succeed(answer)
    : fail('bad-answer', `Health source "${source}": the last line of "${program}" has no answer that is known.`, {
        hint: 'It is {"answer": "pass", "reason": "..."}; the other answers are "fail" and "inconclusive".',
      });
}
