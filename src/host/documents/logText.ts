// The log of a run as text: its timeline, and the output of each hook below a heading, so that a failed step is easy to
// find.
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { stagesOf, type RunState, type StepState } from '../../model/runs/runState.ts';
import { joinParts, formatDuration, formatList, formatTime } from '../../protocol/words/format.ts';
import { plainLine, plainText } from '../../protocol/words/plainText.ts';
import { failureSentence } from '../../protocol/words/sentences.ts';
import { timelineOf } from '../../protocol/report/timeline.ts';
import type { TimelineRow } from '../../protocol/report/rowParts.ts';
import { t } from '../../protocol/words/translate.ts';

export interface LogText {
  readonly text: string;
  /**
   * The zero-based line where the output of a step begins, by the key of the step; for a failed step, its last line.
   */
  readonly lineOf: ReadonlyMap<string, number>;
}

export function logText(state: RunState, events: readonly RunEvent[], outputs: ReadonlyMap<string, string>): LogText {
  const lines: string[] = timelineOf(state.runId, events)
    .filter(row => row.level !== 'detail')
    .map(rowText);
  const lineOf = new Map<string, number>();
  for (const stage of stagesOf(state)) {
    for (const step of stage.steps) {
      lines.push('', stepTitle(stage.name, step));
      lineOf.set(step.key, lines.length - 1);
      lines.push(...outputLines(outputs.get(step.key) ?? '').map(line => `  ${line}`));
      if (step.failure) {
        lines.push(`  ${failureSentence(step.failure)}`);
        lineOf.set(step.key, lines.length - 1);
      }
    }
  }
  return { text: `${lines.join('\n')}\n`, lineOf };
}

export function stepTitle(stage: string, step: StepState): string {
  const took = step.durationMs === undefined ? '' : `, ${formatDuration(step.durationMs)}`;
  const hook = plainLine(step.hook, 80),
    where = step.nodes.length
      ? t(
          '{0} on {1}',
          hook,
          formatList(
            step.nodes.map(node => plainLine(node, 40)),
            10,
          ),
        )
      : hook;
  const status = { running: t('running'), succeeded: t('succeeded'), failed: t('failed') }[step.status];
  const call = joinParts([where, step.attempt > 1 && t('attempt {0}', step.attempt)]);
  return `[${plainLine(stage, 80)}] ${call}: ${status}${took}`;
}

export function outputLines(output: string): readonly string[] {
  const lines = plainText(output).split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

export function rowText({ atMs, text }: TimelineRow): string {
  return `${formatTime(atMs)} ${text}`;
}

const colours = { good: 32, bad: 31, warn: 33, neutral: 0 } as const;

/** For a terminal. The text is safe there, since plainLine removed control sequences. */
export function colouredRow(row: TimelineRow): string {
  const bold = row.level === 'key' ? '1;' : '';
  return `\x1b[2m${formatTime(row.atMs)}\x1b[0m \x1b[${bold}${colours[row.tone]}m${row.text}\x1b[0m\r\n`;
}

/** Keeps the colours of a hook's output and removes all other control sequences. */
export function colouredOutput(output: string): string {
  const kept = output.split(/(\x1b\[[0-9;]{0,32}m)/);
  return kept
    .map((piece, index) => (index % 2 ? piece : plainText(piece)))
    .join('')
    .replaceAll('\n', '\r\n');
}
