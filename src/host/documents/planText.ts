// A dry run as text: what would happen, stage by stage, and what a failure would restore.
import type { DryRun, DryStage, DryStep } from '../../model/runs/plan.ts';
import type { HookPurpose } from '../../model/runs/runEvents.ts';
import {
  joinParts,
  formatCount,
  formatDuration,
  formatList,
  formatShare,
  shortId,
} from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { t } from '../../protocol/words/translate.ts';

export function planText(plan: DryRun): string {
  return [
    `${plainLine(plan.pipeline, 80)}: ${plainLine(plan.service, 80)} ${plainLine(plan.artifact.version, 80)}`,
    ...(plan.artifact.build ? [buildText(plan.artifact.build)] : []),
    t('Release {0}, configuration {1}. Nothing was started.', shortId(plan.release), shortId(plan.configurationDigest)),
    ...plan.groups.flatMap(group => group.flatMap(stage => stageLines(stage, group.length > 1))),
    '',
  ].join('\n');
}

function buildText({ number, job, file }: NonNullable<DryRun['artifact']['build']>): string {
  const build = t('Build #{0} of {1}', number, plainLine(job, 200));
  if (!file) return `${build}.`;
  const digest = file.fingerprint === undefined ? t('not recorded') : plainLine(file.fingerprint, 40);
  return `${build}, ${plainLine(file.path, 300)} (md5 ${digest}).`;
}

function stageLines(stage: DryStage, isParallel: boolean): readonly string[] {
  const environment = stage.environment === undefined ? '' : ` (${plainLine(stage.environment, 80)})`;
  const title = joinParts([plainLine(stage.name, 80) + environment, isParallel && t('in parallel')]);
  return [
    '',
    title,
    '-'.repeat(title.length),
    ...(stage.skipped ? [t('Skipped: its condition is false.')] : []),
    ...(stage.condition === undefined ? [] : [t('Only when {0}.', plainLine(stage.condition, 300))]),
    ...stage.steps.map(stepLine),
    ...(stage.rollbackTo
      ? [
          t(
            'If it fails, it rolls back to {0} (release {1}).',
            plainLine(stage.rollbackTo.version, 80),
            shortId(stage.rollbackTo.release),
          ),
        ]
      : []),
    ...stage.warnings.map(warning => t('Warning: {0}', plainLine(warning, 400))),
  ];
}

function stepLine(step: DryStep): string {
  const phase = 'phase' in step && step.phase > 0 ? `${t('phase {0}', step.phase)}: ` : '';
  switch (step.kind) {
    case 'hook':
      return joinParts(
        [
          `  ${phase}${hookText(step.purpose, plainLine(step.hook, 80), nodes(step.nodes))}`,
          plainLine(step.invocation, 600),
        ],
        ': ',
      );
    case 'approval': {
      const asked = t(
        'asks: {0} ({1}, {2} needed, within {3})',
        plainLine(step.message, 300),
        step.approvers.length ? formatList(step.approvers) : t('anyone'),
        step.minimum,
        formatDuration(step.timeoutMs),
      );
      return `  ${asked}`;
    }
    case 'marker':
      return `  ${phase}${t('marks the deployment in {0}', plainLine(step.connection, 80))}`;
    case 'settle':
      return `  ${phase}${t('waits {0}', formatDuration(step.durationMs))}`;
    case 'verify': {
      const against = step.baselineNodes.length ? nodes(step.baselineNodes) : t('the time before');
      const took = formatDuration(step.durationMs);
      return [
        `  ${phase}${t('verifies {0} against {1} for {2}', nodes(step.canaryNodes), against, took)}`,
        ...(step.trafficShare === undefined
          ? []
          : [`      ${t('with {0} of the traffic, by node weights', formatShare(step.trafficShare))}`]),
        ...step.queries.map(query => `      ${plainLine(query, 1000)}`),
      ].join('\n');
    }
    default:
      return step satisfies never;
  }
}

function hookText(purpose: HookPurpose, hook: string, on: string): string {
  switch (purpose) {
    case 'step':
      return t('step {0} on {1}', hook, on);
    case 'deploy':
      return t('deploy {0} on {1}', hook, on);
    case 'rollback':
      return t('rollback {0} on {1}', hook, on);
    case 'check':
      return t('check {0} on {1}', hook, on);
    case 'before-traffic':
      return t('test {0} on {1}, before traffic', hook, on);
    case 'during':
      return t('{0} on {1}, until the phase ends', hook, on);
    default:
      return purpose satisfies never;
  }
}

function nodes(names: readonly string[]): string {
  return formatList(
    names.map(name => plainLine(name, 40)),
    12,
  );
}

function changeText({ rollbackTo }: DryStage, { artifact }: DryRun): string {
  if (!rollbackTo) return '';
  const { files, variables } = rollbackTo.difference;
  return joinParts([
    `${plainLine(rollbackTo.version, 40)} → ${plainLine(artifact.version, 40)}`,
    files.length > 0 && formatCount(files.length, 'configuration file'),
    variables.length > 0 && formatCount(variables.length, 'variable'),
  ]);
}

export interface SummaryLine {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
}

/** Two lines: what changes in the last environment and how it gets there, then the stages before it. */
export function summaryLines(plan: DryRun): readonly SummaryLine[] {
  const stages = plan.groups.flat();
  const last = stages.findLast(stage => stage.environment !== undefined) ?? stages.at(-1);
  if (!last) return [];
  const before = stages.filter(stage => stage !== last);
  const warnings = stages.flatMap(stage => stage.warnings.map(warning => plainLine(warning, 200)));
  const detail = joinParts([changeText(last, plan), ...new Set(warnings)], ' · ');
  const asked = before.some(stage => stage.steps.some(step => step.kind === 'approval'));
  return [
    {
      label: plainLine(last.name, 80),
      description: last.skipped ? t('skipped') : stepsText(last),
      ...(detail && { detail }),
    },
    ...(before.length
      ? [
          {
            label: t('Before that'),
            description: formatList(
              before.map(stage => plainLine(stage.name, 80)),
              8,
            ),
            ...(asked && { detail: t('An approval is requested.') }),
          },
        ]
      : []),
  ];
}

function stepsText({ steps }: DryStage): string {
  const looks = steps.filter(step => step.kind === 'verify').length;
  return joinParts([
    formatCount(steps.filter(step => step.kind === 'hook').length, 'hook call'),
    looks > 0 && formatCount(looks, 'verification'),
  ]);
}
