// Looks at what nodes write from the moment they receive the release until their phase's verification begins: the
// upgrade itself, the start, and the settle time.
import type { PlannedPhase } from '../../model/runs/plan.ts';
import type { CanaryStage, Verification } from '../../model/pipeline.ts';
import { combineOutcomes, type VerificationReport } from '../../model/evidence/verdict.ts';
import type { FinishedVerification } from '../../model/evidence/verification.ts';
import type { RunContext } from '../context.ts';
import { startCheck } from './check/check.ts';
import type { CheckTask } from './check/checkTask.ts';
import type { Scope } from './scope.ts';
import { latenessMs } from './guard.ts';

export interface StartUp {
  /** The report that failed, once there is one. */
  breach(): VerificationReport | undefined;
  /** What is seen from then on the phase's verification judges. */
  handOver(atMs: number): void;
  /** The report of the phase's verification with what the start-up says: it does not pass before that is known. */
  addTo(report: VerificationReport): VerificationReport;
  /** No later evidence counts. */
  stop(): void;
  finish(options: { readonly learn: boolean }): Promise<FinishedVerification>;
}

/** Undefined where no source has logs: metrics of nodes that start say nothing. */
export async function watchStartUp(
  context: RunContext,
  stage: CanaryStage,
  phase: PlannedPhase,
  times: Pick<CheckTask, 'canarySinceMs' | 'beforeToMs'>,
  scope: Scope,
  onBreach: () => void,
): Promise<StartUp | undefined> {
  const { clock } = context.ports;
  const verification = logsOf(context, phase.verification);
  if (!verification) return undefined;
  const lateMs = latenessMs(context, verification);
  let latest: VerificationReport | undefined,
    breach: VerificationReport | undefined,
    isHandedOver = false,
    openUntilMs = Infinity;
  const isOpen = (): boolean => clock.monotonicMs() < openUntilMs;
  const running = await startCheck(
    context,
    { ...taskOf(stage, phase, verification), ...times, weigh: context.phases.judgeStartUp },
    scope,
    (report, { jumped }) => {
      if (jumped) return;
      latest = report;
      if (report.outcome !== 'fail' || breach) return;
      breach = report;
      if (!isHandedOver) onBreach();
    },
  );
  return {
    breach: () => breach,
    handOver(atMs) {
      isHandedOver = true;
      openUntilMs = clock.monotonicMs() + atMs - clock.now() + lateMs;
      // Looks on until the sources have told all of before; the run that ends meanwhile ends this too.
      void clock.sleep(atMs - clock.now() + lateMs, scope.signal).then(() => running.stop());
    },
    addTo(report) {
      // What could not be looked at holds nobody up: the verification that follows could not be either, and says so.
      const said = latest?.outcome === 'pass' || latest?.checks.length === 0 ? undefined : latest;
      const outcome = combineOutcomes([
        report.outcome,
        ...(said ? [said.outcome] : []),
        ...(isOpen() ? (['inconclusive'] as const) : []),
      ]);
      return outcome === report.outcome && !said
        ? report
        : { ...report, outcome, checks: [...report.checks, ...(said?.checks ?? [])] };
    },
    stop: () => running.stop(),
    finish: options => running.finish(options),
  };
}

function taskOf(
  stage: CanaryStage,
  phase: PlannedPhase,
  verification: Verification,
): Omit<CheckTask, 'canarySinceMs' | 'beforeToMs'> {
  return {
    key: `${stage.name}/${phase.number}/start-up`,
    stage: stage.name,
    environment: stage.environment,
    phase: phase.number,
    purpose: 'start-up',
    verification,
    canaryNodes: phase.newNodes,
    baselineNodes: phase.baselineNodes,
  };
}

function logsOf({ pipeline }: RunContext, verification: Verification | undefined): Verification | undefined {
  if (!verification) return undefined;
  const { baseline: _, ...rest } = verification;
  const sources = rest.sources.filter(name => pipeline.healthSources[name]?.kind === 'logs');
  // It ends with the settle time, whenever that is.
  return sources.length === 0 ? undefined : { ...rest, sources, durationMs: 0 };
}
