// Verifies the nodes after a rollback with the same verification as before, until there is a result.
import type { Verification } from '../../model/pipeline.ts';
import type { VerificationReport } from '../../model/evidence/verdict.ts';
import { startCheck } from '../stages/check/check.ts';
import type { RunContext } from '../context.ts';
import type { Scope } from '../stages/scope.ts';

export interface ProofTask {
  readonly stage: string;
  readonly environment: string;
  readonly nodes: readonly string[];
  readonly otherNodes: readonly string[];
  readonly verification: Verification;
  readonly beforeToMs: number;
}

/** If the result is still inconclusive, the verification takes up to this many times its duration. */
const patience = 3;

/** Limits the attempts, so that a clock that is set repeatedly cannot prolong the verification without end. */
const mostAttempts = 4;

export async function proveHealth(context: RunContext, task: ProofTask, scope: Scope): Promise<VerificationReport> {
  for (let attempt = 1; ; attempt++) {
    const key = `${task.stage}/proof${attempt === 1 ? '' : `/again-${attempt - 1}`}`;
    const done = context.journal.find('verification-finished', event => event.key === key);
    const { report, jumped } = done
      ? { report: done.report, jumped: false }
      : await proveOnce(context, task, key, scope);
    if (!jumped || attempt >= mostAttempts) return report;
  }
}

async function proveOnce(
  context: RunContext,
  { stage, environment, nodes, otherNodes, verification, beforeToMs }: ProofTask,
  key: string,
  scope: Scope,
): Promise<{ readonly report: VerificationReport; readonly jumped: boolean }> {
  const { clock } = context.ports;
  const settled = Promise.withResolvers<boolean>();
  const startedAtMs = clock.monotonicMs();
  const check = await startCheck(
    context,
    {
      key,
      stage,
      environment,
      phase: 0,
      purpose: 'proof',
      canaryNodes: nodes,
      baselineNodes: otherNodes,
      canarySinceMs: clock.now(),
      beforeToMs,
      verification: { ...verification, durationMs: verification.proofMs },
    },
    scope,
    (report, { over, jumped }) => {
      const enough = clock.monotonicMs() >= startedAtMs + patience * verification.proofMs;
      if (report.outcome !== 'inconclusive' || (over && enough) || report.failure) settled.resolve(jumped);
    },
  );
  const jumped = await settled.promise;
  return { report: (await check.finish({ learn: false })).report, jumped };
}
