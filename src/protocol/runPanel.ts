// The messages between the run panel and its host. Numbered, so that a panel that missed one knows it and asks for
// everything anew.
import { feedbackMarks, type FeedbackMark } from '../model/evidence/feedback.ts';
import { applyPatch, type SnapshotPatch } from './snapshot/patch.ts';
import { snapshotActions, type SnapshotAction } from './snapshot/snapshotHeader.ts';
import type { RunSnapshot } from './snapshot/snapshot.ts';
import type { PipelineSnapshot } from './snapshot/snapshotPipeline.ts';

/** A whole snapshot begins anew at its number; a patch follows the message before it. */
export type ToPanel =
  | { readonly type: 'snapshot'; readonly number: number; readonly snapshot: RunSnapshot }
  | { readonly type: 'patch'; readonly number: number; readonly patch: SnapshotPatch }
  /** There is no run yet. */
  | { readonly type: 'pipeline'; readonly pipeline: PipelineSnapshot }
  /** What became of a mark or of its undoing; with `problem` nothing was written. */
  | { readonly type: 'marked'; readonly cluster: string; readonly problem?: string };

/** `cluster` is the id of a cluster in the snapshot. */
export type ToHost =
  /** Wants a whole snapshot. */
  | { readonly type: 'ready' }
  | { readonly type: 'act'; readonly action: SnapshotAction }
  | { readonly type: 'mark'; readonly cluster: string; readonly mark: FeedbackMark; readonly reason: string }
  | { readonly type: 'unmark'; readonly cluster: string }
  /** As a read-only document; or beside the nearest known cluster. */
  | { readonly type: 'open-cluster' | 'compare-cluster'; readonly cluster: string };

export const longestReason = 500;
const longestId = 1_000;

export function isToHost(message: unknown): message is ToHost {
  if (!isRecord(message)) return false;
  const { type, action, cluster, mark, reason } = message;
  switch (type) {
    case 'ready':
      return true;
    case 'act':
      return snapshotActions.some(known => known === action);
    case 'mark':
      return (
        isId(cluster) &&
        feedbackMarks.some(known => known === mark) &&
        typeof reason === 'string' &&
        reason.trim() !== '' &&
        reason.length <= longestReason
      );
    case 'unmark':
    case 'open-cluster':
    case 'compare-cluster':
      return isId(cluster);
    default:
      return false;
  }
}

export function isToPanel(message: unknown): message is ToPanel {
  if (!isRecord(message)) return false;
  const { type, number, snapshot, patch, cluster, pipeline } = message;
  switch (type) {
    case 'snapshot':
      return Number.isSafeInteger(number) && isSnapshot(snapshot);
    case 'patch':
      return Number.isSafeInteger(number) && isRecord(patch) && isRecord(patch['parts']);
    case 'pipeline':
      return isRecord(pipeline) && Array.isArray(pipeline['groups']);
    case 'marked':
      return isId(cluster);
    default:
      return false;
  }
}

/** Deep enough that drawing it cannot fail on something that is no snapshot at all; also what a report holds. */
export function isSnapshot(value: unknown): value is RunSnapshot {
  return (
    isRecord(value) &&
    typeof value['runId'] === 'string' &&
    Number.isFinite(value['seq']) &&
    isRecord(value['header']) &&
    isRecord(value['feedback']) &&
    isRecord(value['clusters']) &&
    Array.isArray(value['clusters']['shown']) &&
    ['groups', 'checks', 'timeline'].every(part => Array.isArray(value[part]))
  );
}

/** What the panel knows, and from which message. */
export interface Received {
  readonly number: number;
  readonly snapshot: RunSnapshot;
}

/** Undefined: something was missed, and a whole snapshot is wanted. */
export function receive(
  before: Received | undefined,
  message: Extract<ToPanel, { type: 'snapshot' | 'patch' }>,
): Received | undefined {
  if (message.type === 'snapshot') return message;
  return before?.number === message.number - 1
    ? { number: message.number, snapshot: applyPatch(before.snapshot, message.patch) }
    : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestId;
}
