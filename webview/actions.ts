// What a reviewer can do from the panel: its words and pictures, and how a part of the panel says that it is wanted.
import type { SnapshotAction } from '../src/protocol/snapshotHeader.ts';
import type { IconName } from './icons.ts';

/** An ellipsis: it asks before it does anything. */
export const actionLooks: Readonly<Record<SnapshotAction, { readonly label: string; readonly picture?: IconName }>> = {
  'roll-back': { label: 'Roll Back…', picture: 'back' }, promote: { label: 'Promote…' }, hold: { label: 'Hold' }, 'look-again': { label: 'Look Again', picture: 'search' },
  approve: { label: 'Approve…', picture: 'pass' }, reject: { label: 'Reject…' }, cancel: { label: 'Cancel Run…' }, 'compare-releases': { label: 'Compare Releases', picture: 'compare' },
  'run-again': { label: 'Run Again…' }, 'show-logs': { label: 'Show Logs', picture: 'lines' }, 'show-evidence': { label: 'Show Evidence', picture: 'evidence' },
  run: { label: 'Run Pipeline…', picture: 'play' }, 'open-pipeline': { label: 'Open Pipeline File', picture: 'open' },
};

export function act(from: EventTarget, action: SnapshotAction): void {
  from.dispatchEvent(new CustomEvent<SnapshotAction>('act', { detail: action, bubbles: true, composed: true }));
}
