// The messages between the run panel and its host. Snapshots are whole: a hidden panel misses nothing.
import { snapshotActions, type SnapshotAction } from './snapshotHeader.ts';
import type { RunSnapshot } from './snapshot.ts';

export type ToPanel = { readonly type: 'snapshot'; readonly snapshot: RunSnapshot };
export type ToHost = { readonly type: 'ready' } | { readonly type: 'act'; readonly action: SnapshotAction };

export function isToHost(message: unknown): message is ToHost {
  if (typeof message !== 'object' || message === null) return false;
  const { type, action } = message as { type?: unknown; action?: unknown };
  return type === 'ready' || (type === 'act' && snapshotActions.some(known => known === action));
}

export function isToPanel(message: unknown): message is ToPanel {
  if (typeof message !== 'object' || message === null) return false;
  const { type, snapshot } = message as { type?: unknown; snapshot?: unknown };
  return type === 'snapshot' && typeof snapshot === 'object' && snapshot !== null;
}
