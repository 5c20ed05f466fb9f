// The actions of the panel: their labels and icons, and the event that requests one.
import type { SnapshotAction } from '../src/protocol/panelActions.ts';
import { t } from '../src/protocol/words/translate.ts';
import type { IconName } from './icons.ts';

export interface ActionLook {
  readonly label: string;
  /** While the run has not reacted to it. */
  readonly busy?: string;
  readonly picture?: IconName;
}

/** An ellipsis: the action asks before it does anything. */
export function lookOf(action: SnapshotAction): ActionLook {
  switch (action) {
    case 'roll-back':
      return { label: t('Roll Back…'), picture: 'back' };
    case 'promote':
      return { label: t('Promote…') };
    case 'hold':
      return { label: t('Hold'), busy: t('Holding…') };
    case 'look-again':
      return { label: t('Verify Again'), busy: t('Verifying Again…'), picture: 'again' };
    case 'approve':
      return { label: t('Approve'), busy: t('Approving…'), picture: 'pass' };
    case 'reject':
      return { label: t('Reject'), busy: t('Rejecting…') };
    case 'accept':
      return { label: t('Accept as Working…') };
    case 'cancel':
      return { label: t('Cancel Run…') };
    case 'compare-releases':
      return { label: t('Compare Releases'), picture: 'compare' };
    case 'view-diff':
      return { label: t('View Diff'), picture: 'compare' };
    case 'run-again':
      return { label: t('Run Again…') };
    case 'show-logs':
      return { label: t('Show Logs'), picture: 'lines' };
    case 'show-evidence':
      return { label: t('Show Evidence'), picture: 'evidence' };
    case 'copy-link':
      return { label: t('Copy Link'), picture: 'link' };
    case 'copy-summary':
      return { label: t('Copy Summary'), picture: 'copy' };
    case 'run':
      return { label: t('Run Pipeline…'), picture: 'play' };
    case 'open-pipeline':
      return { label: t('Open Pipeline File'), picture: 'open' };
    case 'open-latest':
      return { label: t('Open Latest Run') };
    case 'open-next':
      return { label: t('Next Run'), picture: 'right' };
    case 'open-previous':
      return { label: t('Previous Run'), picture: 'left' };
    default:
      return action satisfies never;
  }
}

export function act(from: EventTarget, action: SnapshotAction): void {
  from.dispatchEvent(new CustomEvent<SnapshotAction>('act', { detail: action, bubbles: true, composed: true }));
}
