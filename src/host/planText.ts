// A dry run in words: what would happen, stage by stage, and what a failure would bring back.
import type { DryRun, DryStage, DryStep } from '../model/plan.ts';
import { formatCount, formatDuration, formatList, shortId } from '../protocol/format.ts';
import { plainLine } from '../protocol/plainText.ts';

export function planText(plan: DryRun): string {
  return [
    `${plainLine(plan.pipeline, 80)}: ${plainLine(plan.service, 80)} ${plainLine(plan.artifact.version, 80)}`,
    ...(plan.artifact.build ? [`Build #${plan.artifact.build.number} of ${plainLine(plan.artifact.build.job, 200)}${plan.artifact.build.file ? `, ${plainLine(plan.artifact.build.file.path, 300)} (md5 ${plainLine(plan.artifact.build.file.fingerprint ?? 'not recorded', 40)})` : ''}.`] : []),
    `Release ${shortId(plan.release)}, configuration ${shortId(plan.configurationDigest)}. Nothing was started.`,
    ...plan.groups.flatMap(group => group.flatMap(stage => stageLines(stage, group.length > 1))),
    '',
  ].join('\n');
}

function stageLines(stage: DryStage, isParallel: boolean): readonly string[] {
  const title = `${plainLine(stage.name, 80)}${stage.environment === undefined ? '' : ` (${plainLine(stage.environment, 80)})`}${isParallel ? ', in parallel' : ''}`;
  return [
    '', title, '-'.repeat(title.length),
    ...(stage.skipped ? ['Skipped: its condition does not hold.'] : []),
    ...(stage.condition === undefined ? [] : [`Only when ${plainLine(stage.condition, 300)}.`]),
    ...stage.steps.map(stepLine),
    ...(stage.rollbackTo ? [`A failure brings back ${plainLine(stage.rollbackTo.version, 80)} (release ${shortId(stage.rollbackTo.release)}).`] : []),
    ...stage.warnings.map(warning => `Warning: ${plainLine(warning, 400)}`),
  ];
}

function stepLine(step: DryStep): string {
  const phase = 'phase' in step && step.phase > 0 ? `phase ${step.phase}: ` : '';
  switch (step.kind) {
    case 'hook': return `  ${phase}${step.purpose} ${plainLine(step.hook, 80)} on ${nodes(step.nodes)}: ${plainLine(step.invocation, 600)}`;
    case 'approval': return `  asks: ${plainLine(step.message, 300)} (${step.approvers.length ? formatList(step.approvers) : 'anybody'}, ${step.minimum} needed, within ${formatDuration(step.timeoutMs)})`;
    case 'marker': return `  ${phase}marks the deployment in ${plainLine(step.connection, 80)}`;
    case 'settle': return `  ${phase}waits ${formatDuration(step.durationMs)}`;
    case 'verify': return [`  ${phase}verifies ${nodes(step.canaryNodes)} against ${step.baselineNodes.length ? nodes(step.baselineNodes) : 'the time before'} for ${formatDuration(step.durationMs)}`, ...step.queries.map(query => `      ${plainLine(query, 1000)}`)].join('\n');
    default: return step satisfies never;
  }
}

function nodes(names: readonly string[]): string {
  return formatList(names.map(name => plainLine(name, 40)), 12);
}

/** One line for each stage, for the last step before a deployment begins. */
export function summaryLines(plan: DryRun): readonly { readonly label: string; readonly description: string; readonly detail?: string }[] {
  return plan.groups.flatMap(group => group.map(stage => {
    const hooks = stage.steps.filter(step => step.kind === 'hook').length;
    const looks = stage.steps.filter(step => step.kind === 'verify').length;
    const asks = stage.steps.find(step => step.kind === 'approval');
    const what = asks?.kind === 'approval' ? plainLine(asks.message, 120) : [formatCount(hooks, 'hook call'), looks ? formatCount(looks, 'verification') : ''].filter(Boolean).join(', ');
    const { rollbackTo } = stage;
    const change = rollbackTo ? `${plainLine(rollbackTo.version, 40)} → ${plainLine(plan.artifact.version, 40)}${rollbackTo.difference.files.length ? `, ${formatCount(rollbackTo.difference.files.length, 'configuration file')}` : ''}${rollbackTo.difference.variables.length ? `, ${formatCount(rollbackTo.difference.variables.length, 'variable')}` : ''}` : '';
    const detail = [change, ...stage.warnings.map(warning => plainLine(warning, 200))].filter(Boolean).join(' · ');
    return { label: plainLine(stage.name, 80), description: stage.skipped ? 'skipped' : what, ...(detail && { detail }) };
  }));
}
