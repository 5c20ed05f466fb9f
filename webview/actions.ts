// The actions of the panel: their labels and icons, and the event that requests one.
import type { SnapshotAction } from '../src/protocol/snapshot/snapshotHeader.ts';
import { t } from '../src/protocol/words/translate.ts';
import type { IconName } from './icons.ts';

export interface ActionLook {
  readonly label: string;
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
      return { label: t('Hold') };
    case 'look-again':
      return { label: t('Test Again'), picture: 'search' };
    case 'approve':
      return { label: t('Approve…'), picture: 'pass' };
    case 'reject':
      return { label: t('Reject…') };
    case 'cancel':
      return { label: t('Cancel Run…') };
    case 'compare-releases':
      return { label: t('Compare Releases'), picture: 'compare' };
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
    default:
      return action satisfies never;
  }
}

export function act(from: EventTarget, action: SnapshotAction): void {
  from.dispatchEvent(new CustomEvent<SnapshotAction>('act', { detail: action, bubbles: true, composed: true }));
}
