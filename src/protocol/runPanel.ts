// The messages between the run panel and its host, and the snapshot that the panel draws. Snapshots are whole: a hidden panel misses nothing.
import type { RunState, StageState } from '../model/runState.ts';
import type { ClusterClass, Outcome } from '../model/verdict.ts';
import { plainLine } from './plainText.ts';
import { checkSentence } from './sentences.ts';
import { actionSentence, latestVerification, verdictSentence } from './verdictSentence.ts';

export interface RunSnapshot {
  readonly title: string;
  readonly verdict: string;
  readonly action: string;
  readonly groups: readonly (readonly StageSnapshot[])[];
  readonly checks: readonly { readonly name: string; readonly outcome: Outcome; readonly sentence: string }[];
  readonly clusters: readonly ClusterDot[];
}
export interface StageSnapshot {
  readonly name: string;
  readonly status: StageState['status'];
  readonly elapsedMs?: number;
  readonly phase?: string;
}
export interface ClusterDot {
  readonly key: string;
  readonly class: ClusterClass;
  readonly template: string;
  readonly x: number;
  readonly y: number;
  readonly canaryCount: number;
  readonly baselineCount: number;
}

export type ToPanel = { readonly type: 'snapshot'; readonly snapshot: RunSnapshot };
export type ToHost = { readonly type: 'ready' };

export function isToHost(message: unknown): message is ToHost {
  return typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'ready';
}

export function isToPanel(message: unknown): message is ToPanel {
  return typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'snapshot';
}

export function snapshotRun(state: RunState, nowMs: number): RunSnapshot {
  const checks = state.groups.flat().flatMap(stage => latestVerification(stage)?.report?.checks ?? []);
  return {
    title: `${state.service} ${state.artifact.version}`, verdict: verdictSentence(state), action: actionSentence(state),
    groups: state.groups.map(group => group.map(stage => snapshotStage(stage, nowMs))),
    checks: checks.map(check => ({ name: check.name, outcome: check.outcome, sentence: checkSentence(check) })),
    clusters: checks.flatMap(check => check.kind === 'logs' ? check.clusters : [])
      .map(({ key, class: kind, template, x, y, canaryCount, baselineCount }) => ({ key, class: kind, template: plainLine(template), x, y, canaryCount, baselineCount })),
  };
}

function snapshotStage({ name, status, startedAtMs, finishedAtMs, phase }: StageState, nowMs: number): StageSnapshot {
  return {
    name, status,
    ...(startedAtMs !== undefined && { elapsedMs: (finishedAtMs ?? nowMs) - startedAtMs }),
    ...(phase && { phase: `phase ${phase.number} of ${phase.of}: ${phase.canaryNodes.join(', ')}` }),
  };
}
