// Pins a finished run: later runs of the pipeline are compared with the evidence of its canary in that environment.
import { identityOf } from '../../model/identity.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { PinRequest } from '../../model/runs/engine.ts';
import type { Pin, RunSummary } from '../../model/history.ts';
import type { Ports } from '../../model/ports.ts';
import { reduceRun } from '../../model/runs/reduceRun.ts';
import { stagesOf } from '../../model/runs/runState.ts';

/** Refuses a run that is in progress, that did not pass, or whose evidence is no longer stored. */
export function pinRun({ history, clock }: Pick<Ports, 'history' | 'clock'>, request: PinRequest): Result<Pin> {
  const found = findEnvironment({ history }, request);
  if (!found.ok) return found;
  const { run, environment } = found.value;
  const state = reduceRun(run.id, history.events(run.id));
  const failed = state && stagesOf(state).find(stage => stage.environment === environment && stage.status !== 'passed');
  if (failed)
    return fail(
      'refused',
      `Run #${run.number} cannot be a baseline: its stage '${failed.name}' did not pass (${failed.status}).`,
      { hint: 'Pin a run whose canary was promoted.' },
    );
  const pin: Pin = {
    pipeline: run.pipeline,
    service: identityOf(run),
    environment,
    runId: run.id,
    by: request.by.name,
    atMs: clock.now(),
  };
  history.pin(pin);
  return succeed(pin);
}

/** @returns the removed pin */
export function unpinRun(ports: Pick<Ports, 'history'>, request: PinRequest): Result<Pin> {
  const { history } = ports;
  const found = findEnvironment(ports, request);
  if (!found.ok) return found;
  const { run, environment } = found.value;
  const pin = history.pinned(run.pipeline, identityOf(run), environment);
  if (pin?.runId !== run.id)
    return fail('not-found', `Run #${run.number} is not pinned in ${environment}.`, { hint: 'See: backstop runs' });
  history.unpin(run.pipeline, identityOf(run), environment);
  return succeed(pin);
}

function findEnvironment(
  { history }: Pick<Ports, 'history'>,
  { runId, environment }: PinRequest,
): Result<{ readonly run: RunSummary; readonly environment: string }> {
  const run = history.findRun(runId);
  if (!run) return fail('not-found', `There is no run '${runId}'.`, { hint: 'See: backstop runs' });
  if (run.outcome === undefined)
    return fail('invalid', `Run #${run.number} is still running: pin it when it has ended.`);
  const kept = history.keptEnvironments(run.id);
  if (environment !== undefined && kept.includes(environment)) return succeed({ run, environment });
  if (environment === undefined && kept.length === 1) return succeed({ run, environment: kept[0]! });
  if (kept.length === 0)
    return fail('not-found', `Of run #${run.number} nothing is kept to compare with.`, {
      hint: 'What canaries showed is kept of the latest 50 runs, from their verified phases.',
    });
  return fail(
    'invalid',
    environment === undefined
      ? `Run #${run.number} was verified in ${kept.join(' and ')}: which of them is meant?`
      : `Of run #${run.number} nothing is kept of '${environment}'.`,
    { hint: `Name one of: ${kept.join(', ')}.` },
  );
}
