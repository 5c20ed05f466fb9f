// Writes to the ledger: the standing of each release in an environment, and what the nodes run.
import { identityOf } from '../../model/identity.ts';
import type { Release, Standing } from '../../model/release.ts';
import { findLastWorking } from '../../model/release.ts';
import { describeFailure, fail, StoreError, succeed, type Result } from '../../model/failure.ts';
import type { FinishedVerification } from '../../model/evidence/verification.ts';
import type { RunContext } from '../context.ts';

export function recordStanding(context: RunContext, environment: string, release: Release, standing: Standing): void {
  const {
    ports: { history, clock },
    pipeline,
    runId,
    by,
    journal,
    fences,
  } = context;
  const known = journal.find(
    'ledger-recorded',
    event => event.environment === environment && event.release === release.id,
  );
  if (known?.standing === standing) return;
  if (standing === 'deploying') closeAbandoned(context, environment, release);
  history.record(
    { service: identityOf(pipeline), environment, release: release.id, standing, runId, at: clock.now(), by: by.name },
    fences.of(environment),
  );
  journal.record({ type: 'ledger-recorded', environment, release: release.id, standing });
}

/** Closes the deployment that an overtaken run left unfinished; that run itself is no longer allowed to. */
function closeAbandoned(
  { ports: { history, clock }, pipeline, by, fences }: RunContext,
  environment: string,
  except: Release,
): void {
  const newest = new Map(history.ledger(identityOf(pipeline), environment).map(entry => [entry.release, entry]));
  for (const entry of newest.values())
    if (entry.standing === 'deploying' && entry.release !== except.id)
      history.record({ ...entry, standing: 'failed', at: clock.now(), by: by.name }, fences.of(environment));
}

/** `null` means unknown: a hook is changing the nodes, or failed on them. */
export function recordNodes(
  context: RunContext,
  environment: string,
  nodes: readonly string[],
  release: Release | null,
): void {
  if (nodes.length === 0) return;
  const {
    ports: { history, clock },
    pipeline,
    journal,
    fences,
  } = context;
  history.setNodes(identityOf(pipeline), environment, nodes, release?.id ?? null, clock.now(), fences.of(environment));
  journal.record({ type: 'nodes-changed', environment, nodes, release: release?.id ?? null });
}

/** Removes the entries of nodes that no longer exist. */
export function forgetNodes(context: RunContext, environment: string, present: readonly string[]): void {
  const {
    ports: { history },
    pipeline,
    fences,
  } = context;
  const there = new Set(present);
  const gone = history.nodes(identityOf(pipeline), environment).filter(({ node }) => !there.has(node));
  if (gone.length > 0)
    history.forgetNodes(
      identityOf(pipeline),
      environment,
      gone.map(({ node }) => node),
      fences.of(environment),
    );
}

/** The release that is restored if `release` fails. */
export function lastWorkingRelease(
  {
    ports: { history },
    pipeline,
  }: Pick<RunContext, 'pipeline'> & { readonly ports: Pick<RunContext['ports'], 'history'> },
  environment: string,
  except?: Release,
): Result<Release> {
  try {
    const id = findLastWorking(history.ledger(identityOf(pipeline), environment), except?.id);
    const release = id === undefined ? undefined : history.release(id);
    if (release) return succeed(release);
  } catch (error) {
    // A release that was changed in the store cannot be used, and the user must be told why.
    if (error instanceof StoreError) return { ok: false, failure: error.failure };
    throw error;
  }
  return fail(
    'not-found',
    `No release of ${pipeline.service} has been verified in ${environment} yet, so there is none to go back to.`,
    {
      hint: `Record what runs there now with: backstop adopt --environment ${environment} --version VERSION`,
    },
  );
}

/**
 * The baseline is learned from good deployments only. If learning fails, the failure is noted, and the deployment still
 * counts as good.
 */
export function keepLearned(context: RunContext, environment: string, { learned }: FinishedVerification): void {
  if (!learned) return;
  const {
    ports: { history },
    pipeline,
    journal,
  } = context;
  if (!learned.ok) {
    journal.record({
      type: 'noted',
      failure: {
        ...learned.failure,
        message: `The log events of this deployment could not be learned: ${describeFailure(learned.failure)}`,
      },
    });
    return;
  }
  for (const [source, events] of Object.entries(learned.value)) {
    history.saveLearned(identityOf(pipeline), environment, source, events);
    journal.record({
      type: 'baseline-learned',
      environment,
      source,
      clusters: events.clusters.length,
      deployments: events.deployments,
    });
  }
}

/** The name under which the events of start-ups are stored. No source can have such a name. */
export function startUpSource(source: string): string {
  return `${source} (start-up)`;
}

/** Start-up events are learned only from releases that turned out good. */
export function keepStartUp(
  { ports: { history }, pipeline }: RunContext,
  environment: string,
  { learned }: FinishedVerification,
): void {
  if (!learned?.ok) return;
  for (const [source, events] of Object.entries(learned.value))
    history.saveLearned(identityOf(pipeline), environment, startUpSource(source), events);
}
