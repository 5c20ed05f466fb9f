// Rows of the timeline about a rollback: from its start to the check that the nodes are healthy again.
import type { StageState } from '../../model/runs/runState.ts';
import type { ReleaseDifference } from '../../model/release.ts';
import { proofPhrase } from './rollbackProof.ts';
import { joinParts, formatCount, formatList, shortId } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { t } from '../words/translate.ts';
import type { RowParts } from './rowParts.ts';
import { version, names } from './rowWords.ts';

export function startedRollback(
  stage: string,
  change: string,
  { files, variables }: ReleaseDifference,
  nodes: string,
): string {
  const parts = [
    ...(files.length ? [formatCount(files.length, 'file')] : []),
    ...(variables.length ? [formatCount(variables.length, 'variable')] : []),
  ];
  return parts.length
    ? t('{0}: rollback began, {1} together with {2} on {3}', stage, change, formatList(parts), nodes)
    : t('{0}: rollback began, {1} (configuration unchanged) on {2}', stage, change, nodes);
}

export function finishedRollback(
  stage: StageState | undefined,
  name: string,
  failedNodes: readonly string[],
): RowParts {
  const count = stage?.rollback?.nodes.length ?? 0,
    all = formatCount(count, 'node');
  const back = stage?.rollback ? version(stage.rollback.to.artifact) : t('the old release'),
    who = plainLine(name, 80);
  return failedNodes.length
    ? {
        level: 'key',
        tone: 'bad',
        text: t(
          '{0}: the rollback hook failed on {1}; {2} of {3} were rolled back to {4}',
          who,
          names(failedNodes),
          count - failedNodes.length,
          all,
          back,
        ),
      }
    : { level: 'key', tone: 'good', text: t('{0}: {1} of {2} run {3} again', who, count, all, back) };
}

export function provenRollback(stage: StageState | undefined, name: string, checks: number): RowParts {
  const who = plainLine(name, 80),
    rollback = stage?.rollback;
  const isHealthy = rollback?.proof?.health === 'healthy';
  const phrase = rollback && proofPhrase(rollback);
  const proven =
    isHealthy && checks
      ? t('{0}: verified healthy by {1}', who, formatCount(checks, 'check'))
      : phrase === undefined
        ? t('{0}: rollback verified', who)
        : `${who}: ${phrase}`;
  return {
    level: 'key',
    tone: isHealthy || rollback?.proof?.health === 'not-wanted' ? 'good' : 'warn',
    text: joinParts([
      proven,
      stage?.rollback && t('{0} and its configuration are restored', version(stage.rollback.to.artifact)),
    ]),
  };
}

export function runningNow(nodes: Readonly<Record<string, string>>): string {
  const parts = Object.entries(nodes).map(([node, release]) =>
    release === 'unknown'
      ? t('{0} runs an unknown release', plainLine(node, 80))
      : t('{0} runs {1}', plainLine(node, 80), shortId(release)),
  );
  return parts.length ? `: ${formatList(parts, 20)}` : '';
}
