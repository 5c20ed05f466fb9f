// The stages as the panel's track shows them: status, times, and the nodes of each canary phase with what they run.
import { openQuestions, type RunState, type StageState } from '../../model/runs/runState.ts';
import type { PlannedStage } from '../../model/runs/plan.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { formatCount, formatShare } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { approvers } from './snapshotWaiting.ts';
import { t } from '../words/translate.ts';
import { noDataReason } from '../words/waitingSentences.ts';
import { personName } from '../words/words.ts';

export interface StageSnapshot {
  readonly name: string;
  readonly status: StageState['status'];
  readonly elapsedMs?: number;
  /** Typical duration, from earlier runs of the pipeline. */
  readonly expectedMs?: number;
  /** Whom the stage waits for, who approved it, or which phase it reached. */
  readonly note?: string;
  readonly kind: 'stage' | 'approval' | 'canary';
  /** A person must answer before the stage continues. */
  readonly waits?: true;
  /** Its canary is on hold, or sends no data. */
  readonly standstill?: 'held' | 'no-data';
  readonly phases: readonly PhaseSnapshot[];
  /** `8 nodes never left 2.13.2`. */
  readonly remark?: string;
}
export interface PhaseSnapshot {
  /** `20 %`; if the run does not record what later phases take, their nodes are grouped under `later`. */
  readonly label: string;
  readonly nodes: readonly {
    readonly name: string;
    /** Its name without the common beginning. */ readonly short: string;
    readonly mark: NodeMark;
  }[];
}
export type NodeMark = 'canary' | 'rolled-back' | 'unchanged' | 'not-known';

export interface StageFacts {
  readonly state: RunState;
  readonly events: readonly RunEvent[];
  readonly nowMs: number;
  readonly expectedMs: number | undefined;
  /** Absent if the plan is not known here. */
  readonly planned: PlannedStage | undefined;
}

export function snapshotStage(
  stage: StageState,
  { state, events, nowMs, expectedMs, planned }: StageFacts,
): StageSnapshot {
  const { name, status, startedAtMs, finishedAtMs } = stage;
  const question = state.questions.find(one => one.question.stage === name && one.question.kind === 'approval');
  const phases = status === 'pending' && planned ? plannedPhases(planned) : phasesOf(stage, state, events);
  const waits = status === 'running' && openQuestions(state).some(one => one.question.stage === name);
  const standstill = standstillOf(stage, state, nowMs);
  const note = question && !stage.phase ? approvers(question) : phaseNote(stage, waits, standstill);
  const remark = remarkOf(stage, phases);
  return {
    name: plainLine(name, 80),
    status,
    kind: phases.length ? 'canary' : question ? 'approval' : 'stage',
    phases,
    ...(startedAtMs !== undefined && { elapsedMs: (finishedAtMs ?? nowMs) - startedAtMs }),
    ...(waits && { waits }),
    ...(standstill && { standstill }),
    ...(expectedMs !== undefined && { expectedMs }),
    ...(note && { note }),
    ...(remark && { remark }),
  };
}

/** The phases of a canary that has not begun. */
export function plannedPhases({ nodes, phases }: PlannedStage): readonly PhaseSnapshot[] {
  const short = shortNames(nodes);
  return phases.map(({ canaryNodes, newNodes }) => ({
    label: formatShare(canaryNodes.length / Math.max(1, nodes.length)),
    nodes: newNodes.map(name => ({ name: plainLine(name, 80), short: short(name), mark: 'unchanged' })),
  }));
}

function standstillOf(stage: StageState, state: RunState, nowMs: number): StageSnapshot['standstill'] {
  const { name, phase, rollback, status } = stage;
  if (!phase || rollback) return undefined;
  if (status === 'held') return 'held';
  if (status !== 'running') return undefined;
  const asked = openQuestions(state).find(({ question }) => question.stage === name);
  if (asked) return asked.question.kind === 'hold' ? 'held' : undefined;
  return noDataReason(state, nowMs) ? 'no-data' : undefined;
}

function phaseNote(
  { phase, status, rollback, decisions, failure }: StageState,
  waits: boolean,
  standstill: StageSnapshot['standstill'],
): string | undefined {
  if (!phase) return failure && plainLine(failure.message, 200);
  const { number, of } = phase,
    by = decisions.at(-1)?.by;
  if (rollback)
    return rollback.finishedAtMs === undefined
      ? t('Rolling back in phase {0} of {1}', number, of)
      : t('Rolled back in phase {0} of {1}', number, of);
  if (status === 'running' && standstill)
    return standstill === 'held'
      ? t('On hold in phase {0} of {1}', number, of)
      : t('No data in phase {0} of {1}', number, of);
  if (status === 'running')
    return waits
      ? t('Waiting for a decision in phase {0} of {1}', number, of)
      : t('Verifying phase {0} of {1}', number, of);
  if (status === 'passed') return of === 1 ? t('All nodes finished') : t('All {0} phases finished', of);
  if (!by)
    return status === 'held' ? t('Held in phase {0} of {1}', number, of) : t('Ended in phase {0} of {1}', number, of);
  return status === 'held'
    ? t('Held in phase {0} of {1} by {2}', number, of, personName(by))
    : t('Ended in phase {0} of {1} by {2}', number, of, personName(by));
}

function remarkOf({ phase, rollback }: StageState, phases: readonly PhaseSnapshot[]): string | undefined {
  if (!phase) return undefined;
  const untouched = phases.flatMap(one => one.nodes).filter(node => node.mark === 'unchanged').length;
  if (rollback && untouched)
    return t('{0} never left {1}', formatCount(untouched, 'node'), plainLine(rollback.to.artifact.version, 80));
  return untouched
    ? t('{0} on the old release', formatCount(untouched, 'node'))
    : t('{0} changed', formatCount(phase.canaryNodes.length, 'node'));
}

function phasesOf(stage: StageState, state: RunState, events: readonly RunEvent[]): readonly PhaseSnapshot[] {
  const begun = events.filter(
    (event): event is RunEvent & { type: 'phase-started' } =>
      event.type === 'phase-started' && event.stage === stage.name,
  );
  const last = begun.at(-1);
  if (!last) return [];
  const all = [...last.canaryNodes, ...last.baselineNodes];
  const short = shortNames(all);
  const nodesOf = (names: readonly string[]): PhaseSnapshot['nodes'] =>
    [...names]
      .sort()
      .map(name => ({ name: plainLine(name, 80), short: short(name), mark: markOf(name, stage, state) }));
  const seen = new Set<string>();
  const take = (names: readonly string[]): PhaseSnapshot => {
    const fresh = names.filter(name => !seen.has(name));
    for (const name of fresh) seen.add(name);
    return { label: formatShare(seen.size / Math.max(1, all.length)), nodes: nodesOf(fresh) };
  };
  const phases = [...begun.map(event => event.nodes), ...(last.later ?? [])].map(take);
  const rest = all.filter(name => !seen.has(name));
  return rest.length
    ? [
        ...phases,
        {
          label: last.phase + 1 < last.of ? t('later, in {0} phases', last.of - last.phase) : t('later'),
          nodes: nodesOf(rest),
        },
      ]
    : phases;
}

function markOf(node: string, { nodes, rollback, environment }: StageState, { release }: RunState): NodeMark {
  const runs = Object.hasOwn(nodes, node) ? nodes[node] : undefined;
  if (rollback?.failedNodes.includes(node) || runs === null) return 'not-known';
  if (rollback?.nodes.includes(node) && runs === rollback.to.id) return 'rolled-back';
  return environment !== undefined && runs === release.id ? 'canary' : 'unchanged';
}

/** Names without their common beginning, except for digits at its end: `prod-01` and `prod-10` become `01` and `10`. */
export function shortNames(names: readonly string[]): (name: string) => string {
  const [first = '', ...others] = names;
  let length = others.length ? first.length : 0;
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1;
  const cut = first.slice(0, length).replace(/\d{1,20}$/, '').length;
  return name => plainLine(name.slice(cut), 8);
}
