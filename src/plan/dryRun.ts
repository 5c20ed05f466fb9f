// The dry run: every hook, node, marker and query of a run, as they would be, without doing any of it.
import type { Hook } from '../model/hook.ts';
import type {
  Approval,
  CanaryStage,
  Condition,
  DeployStage,
  InputValues,
  Pipeline,
  Verification,
} from '../model/pipeline.ts';
import { trafficByWeights } from '../model/runs/nodeWeights.ts';
import { connectionOf } from '../model/pipeline.ts';
import type { Result } from '../model/failure.ts';
import type { DryRun, DryStage, DryStep, Forecast, PlannedPhase, PlannedStage, RunPlan } from '../model/runs/plan.ts';
import type { ReadRequest } from '../model/ports.ts';
import { compareReleases, type Artifact, type Release } from '../model/release.ts';
import type { HookCall, HookPurpose } from '../model/runs/runEvents.ts';

export interface DryRunFacts {
  readonly pipeline: Pipeline;
  readonly plan: RunPlan;
  readonly artifact: Artifact;
  readonly release: Release;
  readonly inputs: InputValues;
  readonly nowMs: number;
  evaluateCondition(
    condition: Condition,
    facts: { readonly inputs: InputValues; readonly version: string; readonly outcomes: ReadonlyMap<string, 'passed'> },
  ): boolean;
  dependsOnOutcomes(condition: Condition): boolean;
  formatCondition(condition: Condition): string;
  hookCalls(hook: Hook, nodes: readonly string[]): readonly (readonly string[])[];
  variables(call: HookCall, release: Release): Readonly<Record<string, string>>;
  queries(read: ReadRequest): readonly string[];
  lastWorking(environment: string): Result<Release>;
  /** What the user should also know before a run changes the nodes of this environment. */
  warnings(environment: string): readonly string[];
  /** For phases with metrics whose history was read. */
  readonly forecasts: ReadonlyMap<PlannedPhase, Forecast>;
}

export function describeRun(facts: DryRunFacts): DryRun {
  const { pipeline, plan, artifact, release } = facts;
  return {
    pipeline: pipeline.name,
    service: pipeline.service,
    artifact,
    release: release.id,
    configurationDigest: release.configuration.digest,
    groups: plan.groups.map(group => group.map(planned => describeStage(facts, planned))),
  };
}

function describeStage(facts: DryRunFacts, planned: PlannedStage): DryStage {
  const { stage } = planned;
  const { when } = stage;
  const open = when !== undefined && facts.dependsOnOutcomes(when);
  const common = {
    name: stage.name,
    kind: stage.kind,
    ...(when && open && { condition: facts.formatCondition(when) }),
    ...(when &&
      !open &&
      !facts.evaluateCondition(when, {
        inputs: facts.inputs,
        version: facts.artifact.version,
        outcomes: new Map(),
      }) && { skipped: true }),
  };
  if (stage.kind === 'approval') {
    return { ...common, steps: [describeApproval(stage)], warnings: [] };
  }
  const working = facts.lastWorking(stage.environment);
  return {
    ...common,
    environment: stage.environment,
    ...(working.ok && {
      rollbackTo: {
        release: working.value.id,
        version: working.value.artifact.version,
        difference: compareReleases(facts.release, working.value),
      },
    }),
    warnings: [
      ...(working.ok || stage.onFailure.kind === 'stop' || stage.onFailure.kind === 'ignore'
        ? []
        : [[working.failure.message, working.failure.hint].filter(Boolean).join(' ')]),
      ...facts.warnings(stage.environment),
    ],
    steps:
      stage.kind === 'deploy'
        ? describeDeploy(facts, stage, planned)
        : planned.phases.flatMap(phase => describePhase(facts, stage, phase)),
  };
}

function describeDeploy(facts: DryRunFacts, stage: DeployStage, { nodes }: PlannedStage): readonly DryStep[] {
  const { steps, check } = stage;
  const hooks = check === undefined || steps.includes(check) ? steps : [...steps, check];
  return hooks.flatMap(hook => describeHook(facts, stage, hook, hook === check ? 'check' : 'step', nodes, 0));
}

function describePhase(facts: DryRunFacts, stage: CanaryStage, phase: PlannedPhase): readonly DryStep[] {
  const { number, newNodes, canaryNodes, settleMs, during } = phase;
  const markers = Object.entries(facts.pipeline.connections).filter(([, connection]) => connection.marks);
  return [
    ...describeHook(facts, stage, stage.deploy, 'deploy', newNodes, number),
    ...(stage.check === undefined ? [] : describeHook(facts, stage, stage.check, 'check', newNodes, number)),
    ...(stage.beforeTraffic === undefined
      ? []
      : describeHook(facts, stage, stage.beforeTraffic, 'before-traffic', newNodes, number)),
    ...(number === 1 ? markers.map(([connection]): DryStep => ({ kind: 'marker', connection, phase: number })) : []),
    ...(during === undefined ? [] : describeHook(facts, stage, during, 'during', canaryNodes, number)),
    ...(settleMs > 0 ? [{ kind: 'settle' as const, phase: number, durationMs: settleMs }] : []),
    ...(phase.verification ? [describeVerification(facts, stage.environment, phase, phase.verification)] : []),
    ...(phase.approval ? [describeApproval(phase.approval)] : []),
  ];
}

function describeApproval({ message, approvers, minimum, timeoutMs }: Approval): DryStep {
  return { kind: 'approval', message, approvers, minimum, timeoutMs };
}

function describeVerification(
  { pipeline, queries, nowMs, artifact, lastWorking, forecasts }: DryRunFacts,
  environment: string,
  phase: PlannedPhase,
  verification: Verification,
): DryStep {
  const { number, canaryNodes, baselineNodes } = phase;
  const forecast = forecasts.get(phase);
  const working = lastWorking(environment);
  const versions = [artifact.version, ...(working.ok ? [working.value.artifact.version] : [])];
  const asked = verification.sources.flatMap(name => {
    const source = pipeline.healthSources[name]!;
    return queries({
      source,
      connection: connectionOf(pipeline, source),
      nodes: source.versionAttribute !== undefined ? versions : [...canaryNodes, ...baselineNodes],
      fromMs: nowMs - verification.historyMs,
      toMs: nowMs,
      intervalMs: verification.intervalMs,
    });
  });
  return {
    kind: 'verify',
    phase: number,
    canaryNodes,
    baselineNodes,
    ...shareOf(pipeline, environment, phase),
    durationMs: verification.durationMs,
    queries: asked,
    ...(forecast && { forecast }),
  };
}

/** If a hook sets the weight of the phase, it says so itself. */
function shareOf(
  { environments }: Pipeline,
  environment: string,
  { canaryNodes, baselineNodes, weight }: PlannedPhase,
): { readonly trafficShare?: number } {
  const byNodes = trafficByWeights(environments[environment]?.weights, canaryNodes, baselineNodes);
  if (byNodes === undefined || byNodes === 1 || weight !== undefined) return {};
  const ratio = (byNodes * canaryNodes.length) / baselineNodes.length;
  return { trafficShare: ratio / (1 + ratio) };
}

function describeHook(
  facts: DryRunFacts,
  stage: DeployStage | CanaryStage,
  name: string,
  purpose: HookPurpose,
  nodes: readonly string[],
  phase: number,
): readonly DryStep[] {
  const { release } = facts;
  const hook = facts.pipeline.hooks[name]!;
  const working = facts.lastWorking(stage.environment);
  return facts.hookCalls(hook, nodes).map(some => {
    const call: HookCall = {
      key: '',
      hook: name,
      purpose,
      stage: stage.name,
      environment: stage.environment,
      nodes: some,
      phase,
      attempt: 1,
      release: release.id,
      version: release.artifact.version,
      configurationDigest: release.configuration.digest,
      ...(working.ok && { previousVersion: working.value.artifact.version }),
    };
    const variables = facts.variables(call, release);
    return {
      kind: 'hook',
      purpose,
      hook: name,
      phase,
      nodes: some,
      invocation: describeInvocation(hook, variables),
      variables,
    };
  });
}

function describeInvocation(hook: Hook, variables: Readonly<Record<string, string>>): string {
  const fill = (text: string): string =>
    text.replaceAll(/\$\{(BACKSTOP_[A-Z0-9_]+)\}/g, (whole, name: string) => variables[name] ?? whole);
  switch (hook.kind) {
    case 'command':
      return hook.shell
        ? `/bin/sh -c ${quote(hook.command.join(' '))}`
        : hook.command.map(part => quote(fill(part))).join(' ');
    case 'http':
      return `${hook.method} ${fill(hook.url)}`;
    case 'job':
      return `${hook.title} ${hook.connection}: ${hook.job} ${Object.entries(hook.parameters)
        .map(([name, value]) => `${name}=${quote(fill(value))}`)
        .join(' ')}`.trimEnd();
    default:
      return hook satisfies never;
  }
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
