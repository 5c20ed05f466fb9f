// Restores the pipeline with which a resumed run began, and compares it with the current file.
import { chooseEnvironments, settleEnvironment } from '../../model/environmentChoice.ts';
import { fail, succeed, type Failure, type Result } from '../../model/failure.ts';
import { allStages, type Environment, type Pipeline } from '../../model/pipeline.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';

type Started = RunEvent & { readonly type: 'run-started' };

export interface Beginning {
  readonly pipeline: Pipeline;
  /** Present if the run is a manual rollback. */
  readonly rollback?: { readonly environment: string };
  readonly resumes?: Started['resumes'];
  /** How the current file differs from the pipeline of the run. */
  readonly difference?: Failure;
}

export function readBeginning(events: readonly RunEvent[], today: Pipeline | undefined): Result<Beginning> {
  const started = events.find((event): event is Started => event.type === 'run-started');
  if (!started) return fail('invalid', 'That run has not begun.');
  const rollback = rollbackOf(started, events);
  if (!rollback.ok) return rollback;
  const more = {
    ...(rollback.value && { rollback: rollback.value }),
    ...(started.resumes && { resumes: started.resumes }),
  };
  if (started.fixed)
    return succeed({
      pipeline: started.fixed,
      ...more,
      ...difference(started.fixed, today && asChosen(today, started), started.file),
    });
  if (!today)
    return fail(
      'not-found',
      `The pipeline ${started.file} of that run cannot be read, and the older Backstop that started the run ` +
        'did not store it.',
    );
  const changed = rollback.value ? undefined : changedSince(events, started, today);
  return changed ? { ok: false, failure: changed } : succeed({ pipeline: today, ...more });
}

export function isSameNote({ message }: Failure): (event: { readonly failure: Failure }) => boolean {
  return event => event.failure.message === message;
}

/** Older versions of Backstop recognised a rollback by the name of its stage. */
function rollbackOf({ kind, rollback, stages }: Started, events: readonly RunEvent[]): Result<Beginning['rollback']> {
  if (kind !== undefined) return succeed(rollback);
  if (stages.length !== 1 || stages[0]?.length !== 1 || stages[0][0] !== 'Rollback') return succeed(undefined);
  const environment = events.find(event => event.type === 'stage-started')?.environment;
  return environment === undefined
    ? fail('invalid', 'That rollback had not begun when its process ended.', {
        hint: 'Start it again: backstop rollback',
      })
    : succeed({ environment });
}

/** Today's file with the environment of this run, so that only what was written differently differs. */
function asChosen(today: Pipeline, { inputs, rollback }: Started): Pipeline {
  return rollback ? settleEnvironment(today, rollback.environment) : chooseEnvironments(today, inputs);
}

function difference(fixed: Pipeline, today: Pipeline | undefined, file: string): Pick<Beginning, 'difference'> {
  if (!today) return {};
  const parts = (
    [
      ['nodes', asWritten(fixed), asWritten(today)],
      ['stages', fixed.stages, today.stages],
      ['hooks', fixed.hooks, today.hooks],
      ['health sources', fixed.healthSources, today.healthSources],
      ['connections', fixed.connections, today.connections],
      ['configuration', fixed.configuration, today.configuration],
    ] as const
  )
    .filter(([, then, now]) => !isEqual(then, now))
    .map(([name]) => name);
  if (parts.length === 0) return {};
  return {
    difference: {
      kind: 'invalid',
      message: `${file} has changed since this run began (${parts.join(', ')}): the run continues as it began.`,
    },
  };
}

/** Without the nodes that a command listed, because they change over time. */
function asWritten({ environments }: Pipeline): readonly Environment[] {
  return Object.values(environments).map(({ listed: _, ...environment }) =>
    environment.nodesCommand ? { ...environment, nodes: [] } : environment,
  );
}

/** The order of keys does not matter; the order of nodes and stages does. */
function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every(key =>
    isEqual((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
  );
}

/** Compares only what older journals contain: the names of the stages, and the nodes of the phases so far. */
function changedSince(events: readonly RunEvent[], { stages, file }: Started, today: Pipeline): Failure | undefined {
  const names = today.stages.map(group => group.map(stage => stage.name));
  const phases = events.filter(event => event.type === 'phase-started');
  const moved = phases.some(({ stage, canaryNodes, baselineNodes }) => {
    const now = allStages(today).find(one => one.name === stage);
    const nodes = now && now.kind !== 'approval' ? today.environments[now.environment]?.nodes : undefined;
    return !isEqual(nodes, [...canaryNodes, ...baselineNodes]);
  });
  return isEqual(names, stages) && !moved
    ? undefined
    : {
        kind: 'invalid',
        message: `The stages or nodes of ${file} have changed since that run began, so it cannot be resumed.`,
        hint: 'Restore the file, or end the run: backstop cancel.',
      };
}
