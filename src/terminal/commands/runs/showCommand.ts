// `backstop show`: everything about one run, the verdict first.
import { wholeState } from '../../../protocol/snapshot/storedSnapshot.ts';
import { timelineOf } from '../../../protocol/report/timeline.ts';
import { actionSentence, verdictSentence } from '../../../protocol/words/verdictSentence.ts';
import { done, jsonOption, runArgument, runDetail } from '../../command.ts';
import type { Command } from '../../command.ts';
import { exitStatus } from '../../exitStatus.ts';
import { findRun, readState } from '../../findRun.ts';
import { reportLines } from '../../show/runReport.ts';

export const show: Command = {
  name: 'show',
  group: 'Look back',
  summary: 'Shows one run: stages, checks with their reasons, log events, queries, rollback and timeline.',
  usage: 'RUN [--json]',
  details: [runDetail],
  positional: runArgument,
  options: jsonOption,
  statuses: { 0: 'shown', 3: 'no such run' },
  examples: ['backstop show last', 'backstop show 12 --json'],
  async run({ engine, given, output, dependencies: { clock } }) {
    const opened = await engine();
    if (!opened.ok) return opened;
    const { history } = opened.value;
    const found = findRun(history, given.positionals[0] ?? 'last');
    if (!found.ok) return found;
    const read = readState(history, found.value);
    if (!read.ok) return read;
    const state = wholeState(history, read.value);
    const timeline = timelineOf(found.value.id, history.events(found.value.id));
    if (given.flag('json'))
      output.json({
        number: found.value.number,
        verdict: verdictSentence(state),
        action: actionSentence(state),
        ...state,
        timeline,
      });
    else {
      const context = {
        number: found.value.number,
        nowMs: clock.now(),
        frame: 0,
        glyphs: output.glyphs,
        outputOf: () => [],
      };
      for (const { line, indent } of reportLines(state, timeline, context)) output.line(line, indent);
    }
    return done(exitStatus.good);
  },
};
