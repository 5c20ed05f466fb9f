// Updates the editor when runs change: views, status item, documents, context keys and notifications.
import type { Clock } from '../../model/ports.ts';
import type { History } from '../../model/history.ts';
import { showPinFact, showRunFacts } from '../contextKeys.ts';
import type { Documents } from '../documents/documents.ts';
import type { Figures } from '../documents/figures.ts';
import type { Notify } from '../notices/notify.ts';
import { runNotices } from '../notices/runNotices.ts';
import type { RunFeed } from '../panel/runFeed.ts';
import type { StatusItem } from '../views/statusItem.ts';
import type { Trees } from '../views/trees.ts';
import type { WorkspacePipelines } from '../workspace/workspacePipelines.ts';
import { yieldToEventLoop } from '../yieldToEventLoop.ts';

export interface RunViews {
  readonly feed: RunFeed;
  readonly pipelines: WorkspacePipelines;
  readonly documents: Documents;
  readonly figures: Figures;
  readonly status: StatusItem;
  readonly trees: Trees;
  readonly notify: Notify;
  readonly history: () => History | undefined;
  readonly clock: Clock;
  readonly refreshLenses: () => void;
}

/** Ended runs that the status item and the notifications still consider. */
const latestRuns = 5;
const runsInFigures = 40;

/** The returned function takes the ids of the changed runs. */
export function createRunViews(views: RunViews): (changed: ReadonlySet<string>) => void {
  const { feed, documents, figures, status, trees, notify, history } = views;
  const sawRunning = new Set<string>();
  return changed => {
    const open = feed.openStates();
    const latest = feed.runs().slice(0, latestRuns);
    const states = [...open, ...latest.flatMap(run => (run.outcome === undefined ? [] : (feed.state(run.id) ?? [])))];
    for (const state of open) sawRunning.add(state.runId);
    trees.refresh();
    views.refreshLenses();
    status.show(states);
    showRunFacts(open, feed.runs());
    for (const runId of changed) {
      documents.refresh(`/evidence/${runId}/`);
      documents.refresh(`/log/${runId}/`);
    }
    notify.offer(
      states
        .filter(state => changed.has(state.runId))
        .flatMap(state => runNotices(views, state, sawRunning.has(state.runId))),
    );
    const known = history();
    if (!known) return;
    showPinFact(known);
    void figures
      .read(known, feed.runs().slice(0, runsInFigures), yieldToEventLoop)
      .then(text => trees.showFigures(text));
  };
}
