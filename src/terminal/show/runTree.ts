// A run as a tree of lines: the verdict first, then stages, checks, decision and rollback. Pure: state in, lines out.
import { openQuestions, type RunState, type StageState } from '../../model/runs/runState.ts';
import { isUnverified } from '../../model/runs/verified.ts';
import { formatDuration } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { actionSentence, verdictSentence } from '../../protocol/words/verdictSentence.ts';
import { questionSentence } from '../../protocol/words/questionSentences.ts';
import { statusMark, type Glyphs } from '../screen/glyphs.ts';
import { toned, type Line, type Tone } from '../screen/line.ts';
import { stageDetails } from './stageTree.ts';
import { displayWidth, padEnd, padStart } from '../screen/width.ts';
import type { TreeContext, TreeLine } from './treeLine.ts';

export function drawRun(state: RunState, context: TreeContext): readonly TreeLine[] {
  // A run without a process has no spinner and no running clock.
  const seen = state.interruptedAtMs === undefined ? context : { ...context, nowMs: state.interruptedAtMs };
  const width = Math.min(24, Math.max(...state.groups.flat().map(stage => displayWidth(plainLine(stage.name, 80)))));
  return [
    { line: titleOf(state, seen), indent: 2 },
    { line: [toned(runTone(state), `${markOf(state, context)} `), toned('strong', verdictSentence(state))], indent: 2 },
    {
      line: ['  ', toned(wantsSomebody(state) ? 'warn' : 'dim', actionSentence(state))],
      indent: 2,
    },
    { line: [], indent: 0 },
    ...state.groups.flatMap(group =>
      group.flatMap((stage, index) =>
        drawStage(
          state.interruptedAtMs === undefined ? stage : standStill(stage),
          sideOf(group, index, context.glyphs),
          width,
          seen,
        ),
      ),
    ),
    ...drawQuestions(state, context),
    ...drawWaysOut(state, context),
    ...state.notes.map(note => ({ line: [toned('warn', `! ${plainLine(note.message, 300)}`)], indent: 2 })),
  ];
}

function titleOf(state: RunState, { number, nowMs }: TreeContext): Line {
  const took = formatDuration((state.finishedAtMs ?? nowMs) - state.startedAtMs);
  return [
    toned('strong', plainLine(state.pipeline, 80)),
    number === undefined ? '' : ` #${number}`,
    `  ${plainLine(state.artifact.version, 80)}  by ${plainLine(state.by.name, 80)}  `,
    toned('dim', took),
  ];
}

function drawStage(stage: StageState, side: string, width: number, context: TreeContext): readonly TreeLine[] {
  const mark = statusMark(stage.status, context.glyphs, context.frame);
  const took =
    stage.startedAtMs === undefined ? '' : formatDuration((stage.finishedAtMs ?? context.nowMs) - stage.startedAtMs);
  const idle = stage.status === 'pending' || stage.status === 'skipped';
  const line: Line = [
    toned('dim', `${side} `),
    toned(mark.tone, mark.text),
    ' ',
    toned(idle ? 'dim' : 'plain', padEnd(plainLine(stage.name, 80), width)),
    toned('dim', padStart(took, 8)),
    ...about(stage),
  ];
  return [{ line, indent: 4 }, ...stageDetails(stage, context)];
}

function about(stage: StageState): Line {
  if (stage.status === 'queued')
    return [toned('warn', `  waits: ${plainLine(stage.environment ?? 'its environment', 80)} is busy`)];
  if (!stage.phase) return [];
  const { number, of, canaryNodes, baselineNodes } = stage.phase;
  const share = Math.round((100 * canaryNodes.length) / Math.max(1, canaryNodes.length + baselineNodes.length));
  const shown =
    canaryNodes
      .slice(0, 10)
      .map(node => plainLine(node, 80))
      .join(' ') + (canaryNodes.length > 10 ? ` and ${canaryNodes.length - 10} more` : '');
  return [`  phase ${number} of ${of}  `, toned('strong', `${share} %`), ' ', toned('canary', shown)];
}

/** The steps in progress when the process ended; their outcome is unknown. */
function standStill(stage: StageState): StageState {
  return {
    ...stage,
    ...(stage.status === 'running' && { status: 'held' as const }),
    steps: stage.steps.filter(({ status }) => status !== 'running'),
    verifications: stage.verifications.filter(({ status }) => status !== 'running'),
  };
}

function wantsSomebody(state: RunState): boolean {
  return state.outcome === undefined && (state.interruptedAtMs !== undefined || openQuestions(state).length > 0);
}

function drawWaysOut({ interruptedAtMs }: RunState, { number }: TreeContext): readonly TreeLine[] {
  const run = number ?? 'last';
  if (interruptedAtMs === undefined) return [];
  const told = ['to continue', 'to end it and roll back its canary', 'to roll back its canary'];
  return ['', `cancel ${run}, then `, `rollback --run ${run}, then `].map((first, index): TreeLine => ({
    line: [`  ${first === '' ? '' : `backstop ${first}`}backstop resume ${run}`, toned('dim', `  ${told[index]}`)],
    indent: 4,
  }));
}

function drawQuestions(state: RunState, { number }: TreeContext): readonly TreeLine[] {
  if (state.outcome !== undefined || state.interruptedAtMs !== undefined) return [];
  return openQuestions(state).flatMap(one => [
    { line: [], indent: 0 },
    { line: [toned('warn', `? ${capital(questionSentence(one))}`)], indent: 2 },
    {
      line: [
        `  ${answersTo(one.question.kind)
          .map(word => `backstop ${word} ${number ?? 'last'}`)
          .join('   ')}`,
      ],
      indent: 2,
    },
  ]);
}

export function answersTo(kind: 'approval' | 'ask' | 'hold'): readonly string[] {
  return kind === 'approval' ? ['approve', 'reject'] : ['promote', 'hold', 'rollback --run'];
}

function markOf(state: RunState, { glyphs, frame }: TreeContext): string {
  if (state.interruptedAtMs !== undefined) return glyphs.unclear;
  switch (state.outcome) {
    case undefined:
      return glyphs.spinner[frame % glyphs.spinner.length] ?? '';
    case 'promoted':
      return isUnverified(state) ? glyphs.unclear : glyphs.pass;
    case 'rolled-back':
    case 'failed':
    case 'rejected':
      return glyphs.fail;
    case 'held':
    case 'cancelled':
    case 'overtaken':
      return glyphs.unclear;
    default:
      return state.outcome satisfies never;
  }
}

/** An outcome that nothing verified is not shown as good. */
export function runTone(state: RunState): Tone {
  return state.outcome === 'promoted' && isUnverified(state) ? 'warn' : toneOf(state);
}

export function toneOf({ outcome, interruptedAtMs }: Pick<RunState, 'outcome' | 'interruptedAtMs'>): Tone {
  if (interruptedAtMs !== undefined) return 'warn';
  if (outcome === undefined) return 'canary';
  return (
    {
      promoted: 'good',
      'rolled-back': 'bad',
      failed: 'bad',
      rejected: 'bad',
      held: 'warn',
      cancelled: 'warn',
      overtaken: 'warn',
    } as const
  )[outcome];
}

function sideOf(group: readonly StageState[], index: number, { group: [first, middle, last] }: Glyphs): string {
  if (group.length < 2) return ' ';
  return index === 0 ? first : index === group.length - 1 ? last : middle;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
