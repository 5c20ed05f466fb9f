// After a rollback: the same verification, on the nodes that were brought back, until it can say something.
import type { Verification } from '../model/pipeline.ts';
import type { VerificationReport } from '../model/verdict.ts';
import { startCheck } from './check.ts';
import type { RunContext } from './context.ts';
import type { Scope } from './scope.ts';

export interface ProofTask {
  readonly stage: string;
  readonly environment: string;
  readonly nodes: readonly string[];
  readonly otherNodes: readonly string[];
  readonly verification: Verification;
  readonly beforeToMs: number;
}

/** A proof that is still inconclusive when its time is over gets this many times as long, no more. */
const patience = 3;

export async function proveHealth(context: RunContext, task: ProofTask, scope: Scope): Promise<VerificationReport> {
  const { clock } = context.ports;
  const { stage, environment, nodes, otherNodes, verification, beforeToMs } = task;
  const key = `${stage}/proof`;
  const done = context.journal.find('verification-finished', event => event.key === key);
  if (done) return done.report;
  const settled = Promise.withResolvers<void>();
  const startedAtMs = clock.now();
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
      canarySinceMs: startedAtMs,
      beforeToMs,
      verification: { ...verification, durationMs: verification.proofMs },
    },
    scope,
    (report, over) => {
      const enough = clock.now() >= startedAtMs + patience * verification.proofMs;
      if (report.outcome !== 'inconclusive' || (over && enough) || report.failure) settled.resolve();
    },
  );
  await settled.promise;
  return (await check.finish({ learn: false })).report;
}
