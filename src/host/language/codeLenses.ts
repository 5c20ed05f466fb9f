// The lenses above the lines of a pipeline file: deploy, dry run, the last result of each stage, and links to its
// hooks.
import type { StageOutcome } from '../../model/runs/runEvents.ts';
import { formatDuration } from '../../protocol/words/format.ts';
import { formatAge } from '../age.ts';
import { readNames } from './document/names.ts';
import type { PipelineTree } from './document/pipelineTree.ts';
import { scalarAt } from './document/syntaxNodes.ts';
import type { TextRange } from './document/syntaxNodes.ts';
import type { Translate } from './texts.ts';

export interface StageResult {
  readonly outcome: StageOutcome;
  readonly durationMs: number;
  readonly finishedAtMs?: number | undefined;
}
/** Results by stage name, each from the newest run of the pipeline that reached the stage. */
export type LastResults = (pipelineName: string) => ReadonlyMap<string, StageResult>;

export interface Lens {
  readonly range: TextRange;
  readonly title: string;
  readonly action:
    | { readonly kind: 'deploy' }
    | { readonly kind: 'dryRun' }
    | { readonly kind: 'openRun' }
    | { readonly kind: 'goTo'; readonly from: TextRange; readonly to: TextRange };
}

/** `fileName` has no folder and no extension; it is the pipeline's name if the file gives none. */
export function lensesOf(
  tree: PipelineTree,
  fileName: string,
  lastResults: LastResults,
  t: Translate,
  nowMs: number,
): readonly Lens[] {
  const [first] = tree.root.pairs;
  if (!first) return [];
  const results = lastResults(scalarAt(tree.root, ['name'])?.text ?? fileName);
  const { definitions, references } = readNames(tree);
  const top: readonly Lens[] = [
    { range: first.key.range, title: `$(rocket) ${t('Deploy')}`, action: { kind: 'deploy' } },
    { range: first.key.range, title: t('Dry Run'), action: { kind: 'dryRun' } },
  ];
  const stages = definitions
    .filter(one => one.kind === 'stage')
    .flatMap((stage): readonly Lens[] => {
      const result = results.get(stage.name);
      return result
        ? [
            {
              range: stage.range,
              title: `${iconOf(result.outcome)} ${describeOutcome(result, t)}${whenOf(result, nowMs, t)}`,
              action: { kind: 'openRun' },
            },
          ]
        : [];
    });
  const declared = new Map(definitions.filter(one => one.kind === 'hook').map(one => [one.name, one.range]));
  const hooks = references
    .filter(one => one.kind === 'hook')
    .flatMap((reference): readonly Lens[] => {
      const to = declared.get(reference.name);
      return to
        ? [
            {
              range: reference.range,
              title: t('Go to hook {0}', reference.name),
              action: { kind: 'goTo', from: reference.range, to },
            },
          ]
        : [];
    });
  return [...top, ...stages, ...hooks];
}

function iconOf(outcome: StageOutcome): string {
  switch (outcome) {
    case 'passed':
      return '$(pass)';
    case 'failed':
    case 'rejected':
      return '$(error)';
    case 'rolled-back':
      return '$(discard)';
    case 'skipped':
      return '$(debug-step-over)';
    case 'held':
      return '$(debug-pause)';
    case 'cancelled':
    case 'overtaken':
      return '$(circle-slash)';
    default:
      return outcome satisfies never;
  }
}

/** The text `, 3 min ago` or `, just now`. */
function whenOf({ finishedAtMs }: StageResult, nowMs: number, t: Translate): string {
  if (finishedAtMs === undefined) return '';
  const age = formatAge(nowMs - finishedAtMs, t);
  return `, ${age === undefined ? t('just now') : t('{0} ago', age)}`;
}

function describeOutcome({ outcome, durationMs }: StageResult, t: Translate): string {
  const time = formatDuration(durationMs);
  switch (outcome) {
    case 'passed':
      return t('Passed in {0}', time);
    case 'failed':
      return t('Failed after {0}', time);
    case 'rejected':
      return t('Rejected after {0}', time);
    case 'rolled-back':
      return t('Rolled back after {0}', time);
    case 'held':
      return t('Held after {0}', time);
    case 'cancelled':
      return t('Cancelled after {0}', time);
    case 'overtaken':
      return t('Overtaken after {0}', time);
    case 'skipped':
      return t('Skipped');
    default:
      return outcome satisfies never;
  }
}
