// Detects that a run is no longer the newest one of an environment. What it knows about the nodes is outdated then.
import { identityOf } from '../../model/identity.ts';
import type { Failure } from '../../model/failure.ts';
import type { Standing } from '../../model/release.ts';
import { stagesOf } from '../../model/runs/runState.ts';
import type { RunContext } from '../context.ts';
import type { Journal } from './journal.ts';
import { environmentLease } from './fence.ts';

/** If a later run left its release with one of these standings, that release is the wanted one. */
const stands: readonly Standing[] = ['deploying', 'verified', 'deployed', 'promoted-by-hand', 'unverified', 'held'];

/**
 * A run that already acted in the environment is overtaken by any run that took the environment since. A run that comes
 * for the first time is overtaken by a later run that left its release there.
 */
export function findOvertaker(context: RunContext, environment: string): Failure | undefined {
  const {
    ports: { history },
    pipeline,
    journal,
    runId,
  } = context;
  const wasThere = journal.find('stage-started', event => event.environment === environment) !== undefined;
  if (wasThere) {
    const holder = history.lastHolder(environmentLease(identityOf(pipeline), environment));
    return holder === undefined || holder === runId ? undefined : describe(context, environment, holder);
  }
  const newest = history.ledger(identityOf(pipeline), environment).at(-1);
  const later = newest && stands.includes(newest.standing) ? history.findRun(newest.runId) : undefined;
  const own = history.findRun(runId);
  return own && later && later.number > own.number ? describe(context, environment, later.id) : undefined;
}

function describe({ ports: { history }, runId }: RunContext, environment: string, by: string): Failure {
  const other = history.findRun(by),
    own = history.findRun(runId);
  return {
    kind: 'overtaken',
    message:
      `${other ? `Run #${other.number} (${other.version})` : 'Another run'} has taken ${environment} since: ` +
      `run ${own ? `#${own.number}` : runId} did nothing more there.`,
    hint: 'If its release is wanted there, start a new run: backstop run',
  };
}

/** Journals that the run no longer acts on anything that was in progress. */
export function endOvertaken(journal: Journal, failure: Failure): void {
  const stages = stagesOf(journal.state());
  for (const { name } of stages.filter(({ status }) => status === 'running' || status === 'queued')) {
    leaveStage(journal, name);
    journal.record({ type: 'stage-finished', stage: name, outcome: 'overtaken', failure });
  }
  journal.record({ type: 'run-finished', outcome: 'overtaken', failure });
}

/** Hooks of the stage may still run; their outcome is no longer followed, and open questions are closed. */
export function leaveStage(journal: Journal, name: string): void {
  const { questions, groups } = journal.state();
  const stage = groups.flat().find(one => one.name === name);
  for (const step of stage?.steps.filter(({ status }) => status === 'running') ?? [])
    journal.record({
      type: 'hook-finished',
      key: step.key,
      outcome: {
        kind: 'failed',
        durationMs: 0,
        failure: { kind: 'overtaken', message: `How hook ${step.hook} ended was not followed.` },
      },
    });
  for (const { question } of questions.filter(one => one.closed === undefined && one.question.stage === name))
    journal.record({ type: 'question-closed', question: question.id, result: 'overtaken' });
}
