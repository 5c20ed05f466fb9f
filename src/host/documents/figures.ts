// Statistics over the latest runs, computed one run at a time to keep the editor responsive; finished runs are cached.
import type { History, RunSummary } from '../../model/history.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { formatDuration, formatShare } from '../../protocol/words/format.ts';
import { runStatistics } from '../../protocol/words/statistics.ts';
import type { Translate } from '../../protocol/words/translate.ts';

export interface Figures {
  /** Undefined if there are no runs to count. `rest` is awaited between two runs. */
  read(
    history: Pick<History, 'events'>,
    runs: readonly RunSummary[],
    rest: () => Promise<void>,
  ): Promise<string | undefined>;
}

export function createFigures(t: Translate): Figures {
  const kept = new Map<string, readonly RunEvent[]>();
  return {
    async read(history, runs, rest) {
      const ended = runs.filter(run => run.outcome !== undefined);
      for (const { id } of ended) {
        if (kept.has(id)) continue;
        kept.set(id, history.events(id).filter(isCounted).map(withoutReport));
        await rest();
      }
      return figuresText(
        ended.map(({ id }) => kept.get(id) ?? []),
        t,
      );
    },
  };
}

function isCounted({ type }: RunEvent): boolean {
  return (
    type === 'run-finished' ||
    type === 'looked' ||
    type === 'verification-finished' ||
    type === 'decided' ||
    type === 'rollback-started' ||
    type === 'rollback-finished'
  );
}

/** Drops the checks and queries of an evaluation, since the statistics only use its outcome and its time. */
function withoutReport(event: RunEvent): RunEvent {
  return event.type === 'looked' ? { ...event, report: { ...event.report, checks: [] }, queries: [] } : event;
}

export function figuresText(runs: readonly (readonly RunEvent[])[], t: Translate): string | undefined {
  const { medianMsToDetect, medianMsToRollBack, shareDecidedWithoutPerson } = runStatistics(runs);
  const parts = [
    medianMsToDetect === null ? '' : t('detected in {0}', formatDuration(medianMsToDetect)),
    medianMsToRollBack === null ? '' : t('rolled back in {0}', formatDuration(medianMsToRollBack)),
    shareDecidedWithoutPerson === null ? '' : t('{0} decided automatically', formatShare(shareDecidedWithoutPerson)),
  ].filter(Boolean);
  return parts.length ? t('Median: {0}', parts.join(', ')) : undefined;
}
