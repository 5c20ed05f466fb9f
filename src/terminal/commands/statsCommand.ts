// `backstop stats`: medians over all runs in the store.
import type { History } from '../../model/history.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { formatCount, formatDuration, formatShare } from '../../protocol/words/format.ts';
import { runStatistics } from '../../protocol/words/statistics.ts';
import { done, jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { parseNumber } from '../commandLine.ts';
import { exitStatus } from '../exitStatus.ts';

export const stats: Command = {
  name: 'stats',
  group: 'Look back',
  summary: 'Shows the median times to detect and to roll back, and the share of automatic decisions.',
  usage: '[--limit N] [--json]',
  details: [
    'Detection time starts at the first anomalous log line; rollback time is from the decision until the last node ' +
      'is restored. Values without any run are null in JSON.',
  ],
  positional: { name: 'arguments', minimum: 0, maximum: 0 },
  options: {
    limit: {
      type: 'string',
      short: 'n',
      value: 'N',
      text: 'Number of runs to include, newest first.',
      default: '1000',
    },
    ...jsonOption,
  },
  statuses: { 0: 'counted, even if there are none', 3: 'invalid input' },
  examples: ['backstop stats', 'backstop stats --json'],
  async run({ engine, given, output }) {
    const limit = parseNumber(given.text('limit'), '--limit', { minimum: 1, maximum: 100_000, whole: true });
    if (!limit.ok) return limit;
    const opened = await engine();
    if (!opened.ok) return opened;
    const figures = runStatistics(eventsOf(opened.value.history, limit.value));
    const {
      runs,
      outcomes,
      medianMsToDetect,
      detections,
      medianMsToRollBack,
      rollbacks,
      shareDecidedWithoutPerson,
      decided,
    } = figures;
    if (given.flag('json')) {
      output.json({
        runs,
        outcomes,
        medianSecondsToDetect: seconds(medianMsToDetect),
        detections,
        medianSecondsToRollBack: seconds(medianMsToRollBack),
        rollbacks,
        shareDecidedWithoutPerson,
        decided,
      });
    } else {
      const said = (value: number | null, of: number, noun: 'regression' | 'rollback'): string =>
        value === null ? `none yet` : `${formatDuration(value)} (${formatCount(of, noun)})`;
      const ended = Object.entries(outcomes)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', ');
      output.line([`Runs                      ${runs}${ended ? ` (${ended})` : ''}`]);
      output.line([`Median time to detect     ${said(medianMsToDetect, detections, 'regression')}`]);
      output.line([`Median time to roll back  ${said(medianMsToRollBack, rollbacks, 'rollback')}`]);
      output.line([
        'Decided automatically     ',
        shareDecidedWithoutPerson === null
          ? 'none yet'
          : `${formatShare(shareDecidedWithoutPerson)} of ${formatCount(decided, 'run')}`,
      ]);
    }
    return done(exitStatus.good);
  },
};

/** Reads one run at a time, because the events of all runs may not fit in memory. */
function* eventsOf(history: History, limit: number): Generator<readonly RunEvent[]> {
  for (const { id } of history.runs({ limit })) yield history.events(id);
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
