// Sends the snapshots of a run to its panel: the first one in full, then only what changed.
import { compareSnapshots, mostClustersSent } from '../../protocol/snapshot/patch.ts';
import type { ToPanel } from '../../protocol/runPanel.ts';
import type { RunSnapshot } from '../../protocol/snapshot/snapshot.ts';
import { t } from '../../protocol/words/translate.ts';
import type { Notify } from '../notices/notify.ts';
import type { RunFollower } from './runFollower.ts';

const refreshMs = 1_000;
/** After a failure, and for a run that has ended: it can still receive feedback, here or elsewhere. */
const seldomMs = 5 * refreshMs;

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
  /** False if the message was lost. Does nothing once the panel is closed. */
  post(message: ToPanel): PromiseLike<boolean>;
}

/** Whatever fails or gets lost, a panel that is shown is soon up to date: no update is the last chance to be so. */
export function sendUpdates(
  follower: Pick<RunFollower, 'next'>,
  target: PanelTarget,
  notify: Pick<Notify, 'fail'>,
): PanelUpdates {
  const sender = createSender(target);
  let isStopped = false,
    isFailing = false;
  let waiting: NodeJS.Timeout | undefined,
    working: Promise<void> = Promise.resolve();

  /** Returns the time until the next update, in milliseconds. */
  async function update(): Promise<number> {
    try {
      const snapshot = await follower.next();
      if (snapshot && !isStopped) sender.send(snapshot);
      isFailing = false;
      return snapshot?.ended ? seldomMs : refreshMs;
    } catch (error) {
      if (!isFailing)
        notify.fail({
          kind: 'store',
          message: t('The run cannot be shown.'),
          cause: error instanceof Error ? error.message : String(error),
        });
      isFailing = true;
      return seldomMs;
    }
  }
  async function updateIfShown(): Promise<void> {
    clearTimeout(waiting);
    if (!target.isShown()) return;
    const afterMs = await update();
    if (!isStopped) waiting = setTimeout(() => void refresh(), afterMs);
  }
  /** One request after another. */
  function refresh(): Promise<void> {
    return (working = working.then(updateIfShown));
  }

  return {
    refresh,
    startOver: sender.startOver,
    post: sender.post,
    get sent() {
      return sender.sent;
    },
    stop() {
      isStopped = true;
      clearTimeout(waiting);
    },
  };
}

interface Sender extends Pick<PanelUpdates, 'startOver' | 'post' | 'sent'> {
  send(snapshot: RunSnapshot): void;
}

function createSender(target: PanelTarget): Sender {
  let sent: RunSnapshot | undefined,
    number = 0;
  function startOver(): void {
    sent = undefined;
  }
  function post(message: ToPanel): void {
    target.post(message).then(isDelivered => isDelivered || startOver(), startOver);
  }
  return {
    startOver,
    post,
    get sent() {
      return sent;
    },
    send(snapshot) {
      const { shown } = snapshot.clusters;
      const before = sent ?? {
        ...snapshot,
        clusters: { ...snapshot.clusters, shown: shown.slice(0, mostClustersSent) },
      };
      const patches = compareSnapshots(before, snapshot);
      if (!sent) post({ type: 'snapshot', number: ++number, snapshot: before });
      // Without it, a panel would not notice that the last message before this one is missing.
      else if (patches.length === 0) post({ type: 'latest', number });
      for (const patch of patches) post({ type: 'patch', number: ++number, patch });
      sent = snapshot;
    },
  };
}
