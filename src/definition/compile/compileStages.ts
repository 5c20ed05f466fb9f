// Compiles the stages of a checked file into the form that the engine runs.
import type {
  CanaryPhase,
  CanaryStage,
  Condition,
  FailureStrategy,
  Stage,
  StageGroup,
  Verification,
} from '../../model/pipeline.ts';
import { fillEnvironment, readEnvironmentTemplate } from '../../model/environmentChoice.ts';
import { compileInputs, compileRetry } from './compileParts.ts';
import { parseCondition } from '../condition.ts';
import { defaults } from './defaults.ts';
import { parsePercent, toMs } from '../../model/file/durations.ts';
import type { PipelineText, StageText } from '../schema/schema.ts';

export function compileStages(text: PipelineText): readonly StageGroup[] {
  return text.stages.map(({ parallel, ...single }) =>
    (parallel ?? [{ ...single, stage: single.stage ?? '' }]).map(stage => compileStage(stage, text)),
  );
}

function compileStage(stage: StageText, text: PipelineText): Stage {
  const when = compileCondition(stage.when);
  const common = { name: stage.stage, ...(when && { when }) };
  const target = compileTarget(stage.environment ?? '', text.inputs);
  if (stage.approval) {
    const { inputs, onTimeout } = stage.approval;
    const approval = compileApproval(stage.approval);
    return { ...common, kind: 'approval', ...approval, inputs: compileInputs(inputs), onTimeout };
  }
  if (stage.canary) {
    return {
      ...common,
      kind: 'canary',
      ...target,
      timeoutMs: toMs(stage.timeout ?? defaults.stage.canaryTimeout),
      ...compileCanary(stage, stage.canary, text),
    };
  }
  const { steps = [], rollback, check } = stage;
  return {
    ...common,
    kind: 'deploy',
    ...target,
    timeoutMs: toMs(stage.timeout ?? defaults.stage.timeout),
    steps,
    retry: compileRetry(stage.retry),
    ...(rollback !== undefined && { rollback }),
    ...(check !== undefined && { check }),
    onFailure: compileStrategy(stage, rollback === undefined ? 'stop' : 'rollback'),
  };
}

function compileTarget(
  environment: string,
  inputs: PipelineText['inputs'],
): Pick<CanaryStage, 'environment' | 'environmentChoice'> {
  const template = readEnvironmentTemplate(environment);
  if (!template) return { environment };
  const values = inputs[template.input]?.values ?? [];
  const environments = Object.fromEntries(
    values.map(value => [String(value), fillEnvironment(template, String(value))]),
  );
  return { environment, environmentChoice: { input: template.input, environments } };
}

type ApprovalText = Omit<NonNullable<StageText['approval']>, 'inputs' | 'onTimeout'>;

function compileApproval({ message, by, minimum, notTheStarter, comment, timeout }: ApprovalText) {
  return {
    message,
    approvers: by,
    minimum,
    starterMayApprove: !notTheStarter,
    commentRequired: comment === 'required',
    timeoutMs: toMs(timeout),
  };
}

function compileCondition(when: string | undefined): Condition | undefined {
  const parsed = when === undefined ? undefined : parseCondition(when);
  return parsed && 'condition' in parsed ? parsed.condition : undefined;
}

function compileStrategy({ onFailure, askFor }: StageText, fallback: 'stop' | 'rollback'): FailureStrategy {
  const kind = onFailure ?? fallback;
  return kind === 'ask' ? { kind, forMs: toMs(askFor ?? defaults.askFor) } : { kind };
}

type CanaryText = NonNullable<StageText['canary']>;
type CanaryParts = Pick<
  CanaryStage,
  | 'deploy'
  | 'rollback'
  | 'check'
  | 'rollbackBatches'
  | 'beforeTraffic'
  | 'phases'
  | 'watchMs'
  | 'verification'
  | 'onFailure'
>;

function compileCanary(stage: StageText, canary: CanaryText, text: PipelineText): CanaryParts {
  const verification = compileVerification(stage.verification, Object.keys(text.healthSources));
  return {
    deploy: canary.deploy,
    rollback: canary.rollback,
    ...(canary.check !== undefined && { check: canary.check }),
    ...(canary.checkBefore && { checksBefore: true as const }),
    ...(canary.rollbackBatches && {
      rollbackBatches: { ...canary.rollbackBatches, nodes: compileNodes(canary.rollbackBatches.nodes) },
    }),
    ...(canary.beforeTraffic !== undefined && { beforeTraffic: canary.beforeTraffic }),
    phases: canary.phases.map(phase =>
      compilePhase({ during: canary.during, ...phase }, verification, stage.verification !== undefined),
    ),
    watchMs: toMs(canary.watch),
    verification,
    onFailure: compileStrategy(stage, 'rollback'),
  };
}

function compileNodes(nodes: string | number): NonNullable<CanaryPhase['nodes']> {
  return typeof nodes === 'number' ? { count: nodes } : { share: parsePercent(nodes) ?? 1 };
}

function compilePhase(
  phase: CanaryText['phases'][number],
  { durationMs, sensitivity }: Verification,
  verified: boolean,
): CanaryPhase {
  const { nodes, weight, settle, verify, during, approval } = phase;
  const own = typeof verify === 'boolean' ? {} : verify;
  return {
    ...(nodes !== undefined && { nodes: compileNodes(nodes) }),
    ...(weight !== undefined && { weight: parsePercent(weight) ?? 1 }),
    settleMs: toMs(settle),
    verify: verify !== false &&
      verified && {
        durationMs: own.duration === undefined ? durationMs : toMs(own.duration),
        sensitivity: own.sensitivity ?? sensitivity,
        ...(own.sources && { sources: own.sources }),
      },
    ...(during !== undefined && { during }),
    ...(approval && {
      approval: { ...compileApproval(approval), inputs: [], onTimeout: approval.onTimeout },
    }),
  };
}

/** A stage without a verification gets the defaults without sources, which no phase uses. */
function compileVerification(verification: StageText['verification'], allSources: readonly string[]): Verification {
  const { duration, interval, sensitivity, history, missingData, holdFor, proof, baseline } =
    verification ?? defaults.verification;
  const { extendTo, passAfter, watchValues = [], ignoreValues = [] } = verification ?? {};
  return {
    sources: verification ? (verification.sources ?? allSources) : [],
    durationMs: toMs(duration),
    ...(extendTo !== undefined && { extendToMs: toMs(extendTo) }),
    ...(passAfter !== undefined && { passAfterMs: toMs(passAfter) }),
    intervalMs: toMs(interval),
    sensitivity,
    ...(watchValues.length + ignoreValues.length > 0 && { values: { watch: watchValues, ignore: ignoreValues } }),
    historyMs: toMs(history),
    missingData,
    holdForMs: toMs(holdFor),
    proofMs: toMs(proof),
    ...compileBaseline(baseline),
  };
}

function compileBaseline(baseline: string): Pick<Verification, 'baseline'> {
  const [, number] = /^run (\d+)$/.exec(baseline) ?? [];
  return number !== undefined ? { baseline: { run: Number(number) } } : baseline === 'pinned' ? { baseline } : {};
}
