// Finds nodes that someone changed manually: they do not run the last working release, so nothing is compared with
// them.
import { fail, succeed, type Failure, type Result } from '../../model/failure.ts';
import { callHook } from '../callHook.ts';
import type { RunContext } from '../context.ts';
import { lastWorkingRelease } from '../releases/ledger.ts';
import type { Canary } from './canary.ts';

/** Asks the check hook about each node, if the pipeline says so. Fails if no node runs that release. */
export async function findStrangers(
  { context, stage, scope }: Canary,
  nodes: readonly string[],
): Promise<Result<readonly string[]>> {
  const { name, environment, check, checksBefore } = stage;
  const working = lastWorkingRelease(context, environment, context.release);
  if (!checksBefore || check === undefined || !working.ok) return succeed([]);
  const { value: release } = working;
  const asked = await Promise.all(
    nodes.map(async node => {
      const task = { hook: check, purpose: 'check', stage: name, environment, phase: 0, release } as const;
      const { failure } = await callHook(context, { ...task, nodes: [node], round: 'before' }, scope);
      return failure && !scope.cancelled() ? [node] : [];
    }),
  );
  const strangers = asked.flat();
  const { version } = release.artifact;
  if (strangers.length > 0 && strangers.length === nodes.length)
    return fail('refused', `No node of ${environment} runs ${version}, its last working release, says hook ${check}.`, {
      hint: `Bring the nodes back, or record what runs there: backstop adopt --environment ${environment}`,
    });
  noteStrangers(context, strangers, `not ${version}, the last working release, says hook ${check}`);
  return succeed(strangers);
}

/** `runs` completes the sentence about what these nodes run. */
export function noteStrangers({ journal }: RunContext, strangers: readonly string[], runs: string): void {
  if (strangers.length === 0) return;
  const isOne = strangers.length === 1;
  const failure: Failure = {
    kind: 'invalid',
    message:
      `${strangers.join(', ')} ${isOne ? 'runs' : 'run'} ${runs}: ` +
      `${isOne ? 'it is' : 'they are'} not part of the baseline.`,
  };
  journal.recordOnce({ type: 'noted', failure }, event => event.failure.message === failure.message);
}
