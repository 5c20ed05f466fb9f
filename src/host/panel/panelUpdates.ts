// Sends the snapshots of a run to its panel: the first one in full, then only what changed.
import { compareSnapshots, mostClustersSent } from '../../protocol/snapshot/patch.ts';
import type { ToPanel } from '../../protocol/runPanel.ts';
import type { RunSnapshot } from '../../protocol/snapshot/snapshot.ts';
import { t } from '../../protocol/words/translate.ts';
import type { Notify } from '../notices/notify.ts';
import type { RunFollower } from './runFollower.ts';

const refreshMs = 1_000;

export interface PanelUpdates {
  /** Sends what changed, after the requests before it. Then the panel is refreshed regularly while it is shown. */
  refresh(): Promise<void>;
  /** The next snapshot is sent in full. */
  startOver(): void;
  post(message: ToPanel): void;
  /** The last snapshot that was sent. */
  readonly sent: RunSnapshot | undefined;
  stop(): void;
}

export interface PanelTarget {
  isShown(): boolean;
  /** Does nothing once the panel is closed. */
  post(message: ToPanel): void;
}

export function sendUpdates(
  follower: Pick<RunFollower, 'next'>,
  { isShown, post }: PanelTarget,
  notify: Pick<Notify, 'fail'>,
): PanelUpdates {
  let sent: RunSnapshot | undefined,
    number = 0,
    isStopped = false;
  let waiting: NodeJS.Timeout | undefined,
    working: Promise<void> = Promise.resolve();

  function send(snapshot: RunSnapshot): void {
    const { shown } = snapshot.clusters;
    const before = sent ?? { ...snapshot, clusters: { ...snapshot.clusters, shown: shown.slice(0, mostClustersSent) } };
    if (!sent) post({ type: 'snapshot', number: ++number, snapshot: before });
    for (const patch of compareSnapshots(before, snapshot)) post({ type: 'patch', number: ++number, patch });
    sent = snapshot;
  }
  async function update(): Promise<void> {
    clearTimeout(waiting);
    const snapshot = isShown() ? await follower.next() : undefined;
    if (!snapshot || isStopped) return;
    send(snapshot);
    // A run that has ended can still receive feedback, here or elsewhere, so it is read less often.
    waiting = setTimeout(() => void refresh(), snapshot.ended ? 5 * refreshMs : refreshMs);
  }
  /** One request after another; a failure is reported once, and the panel's next request starts over. */
  function refresh(): Promise<void> {
    return (working = working.then(update).catch((error: unknown) => {
      notify.fail({
        kind: 'store',
        message: t('The run cannot be shown.'),
        cause: error instanceof Error ? error.message : String(error),
      });
    }));
  }

  return {
    refresh,
    startOver() {
      sent = undefined;
    },
    post,
    get sent() {
      return sent;
    },
    stop() {
      isStopped = true;
      clearTimeout(waiting);
    },
  };
}
