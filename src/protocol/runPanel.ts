// The messages between the run panel and its host. Their numbers let a panel notice a gap and request everything again.
import { feedbackMarks, type FeedbackMark } from '../model/evidence/feedback.ts';
import { applyPatch, type SnapshotPatch } from './snapshot/patch.ts';
import { snapshotActions, type SnapshotAction } from './panelActions.ts';
import type { RunSnapshot } from './snapshot/snapshot.ts';
import type { PipelineSnapshot } from './snapshot/snapshotPipeline.ts';

/** A full snapshot starts at its number; a patch follows the message before it. */
export type ToPanel =
  | { readonly type: 'snapshot'; readonly number: number; readonly snapshot: RunSnapshot }
  | { readonly type: 'patch'; readonly number: number; readonly patch: SnapshotPatch }
  /** Nothing has changed since the message with this number. */
  | { readonly type: 'latest'; readonly number: number }
  /** The run does not exist yet. */
  | { readonly type: 'pipeline'; readonly pipeline: PipelineSnapshot }
  /** The result of a mark or of its removal; with `problem`, nothing was written. */
  | { readonly type: 'marked'; readonly cluster: string; readonly problem?: string }
  /** The last request was completed, refused or cancelled. */
  | { readonly type: 'settled' }
  /** The requested files that the workspace has. */
  | { readonly type: 'sources'; readonly files: readonly string[] };

/** `cluster` is the id of a cluster in the snapshot. */
export type ToHost =
  /** Requests a full snapshot. */
  | { readonly type: 'ready' }
  | { readonly type: 'act'; readonly action: SnapshotAction }
  | {
      readonly type: 'answer';
      readonly answer: 'approve' | 'reject';
      readonly question: string;
      /** May be empty. */
      readonly comment: string;
    }
  | { readonly type: 'mark'; readonly cluster: string; readonly mark: FeedbackMark; readonly reason: string }
  | { readonly type: 'unmark'; readonly cluster: string }
  /** Opens it as a read-only document, or beside the nearest known cluster. */
  | { readonly type: 'open-cluster' | 'compare-cluster'; readonly cluster: string }
  /** Asks which of these files of stack traces the workspace has, and opens one. */
  | { readonly type: 'find-sources'; readonly files: readonly string[] }
  | { readonly type: 'open-source'; readonly file: string; readonly line: number };

export const longestReason = 500;
const longestId = 1_000,
  mostFiles = 200;

export function isToHost(message: unknown): message is ToHost {
  if (!isRecord(message)) return false;
  const { type, action, cluster, mark, reason, answer, question, comment, files, file, line } = message;
  switch (type) {
    case 'ready':
      return true;
    case 'act':
      return snapshotActions.some(known => known === action);
    case 'answer':
      return (
        (answer === 'approve' || answer === 'reject') &&
        isId(question) &&
        typeof comment === 'string' &&
        comment.length <= longestReason
      );
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
    case 'find-sources':
      return isFiles(files);
    case 'open-source':
      return isId(file) && Number.isSafeInteger(line);
    default:
      return false;
  }
}

export function isToPanel(message: unknown): message is ToPanel {
  if (!isRecord(message)) return false;
  const { type, number, snapshot, patch, cluster, pipeline, files } = message;
  switch (type) {
    case 'snapshot':
      return Number.isSafeInteger(number) && isSnapshot(snapshot);
    case 'patch':
      return Number.isSafeInteger(number) && isRecord(patch) && isRecord(patch['parts']);
    case 'latest':
      return Number.isSafeInteger(number);
    case 'pipeline':
      return isRecord(pipeline) && Array.isArray(pipeline['groups']);
    case 'marked':
      return isId(cluster);
    case 'settled':
      return true;
    case 'sources':
      return isFiles(files);
    default:
      return false;
  }
}

/**
 * Checks deep enough that drawing cannot fail on something that is no snapshot; also used for the content of a report.
 */
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

/** Undefined: a message is missing, and a full snapshot is needed. */
export function receive(
  before: Received | undefined,
  message: Extract<ToPanel, { type: 'snapshot' | 'patch' | 'latest' }>,
): Received | undefined {
  if (message.type === 'snapshot') return message;
  if (message.type === 'latest') return before?.number === message.number ? before : undefined;
  return before?.number === message.number - 1
    ? { number: message.number, snapshot: applyPatch(before.snapshot, message.patch) }
    : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFiles(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= mostFiles && value.every(isId);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestId;
}
