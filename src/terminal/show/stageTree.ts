// The lines below a stage: its hooks, the checks with their evidence, the decision and the rollback.
import { speaksForPhase } from '../../model/runs/runState.ts';
import type { RollbackState, StageState, StepState, VerificationState } from '../../model/runs/runState.ts';
import type { Check, ComparedCheck } from '../../model/evidence/verdict.ts';
import {
  joinParts,
  formatCount,
  formatDuration,
  formatList,
  formatNumber,
  shortId,
} from '../../protocol/words/format.ts';
import { proofPhrase } from '../../protocol/report/rollbackProof.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { checkSentence, comparisonPhrase, decisionSentence, failureSentence } from '../../protocol/words/sentences.ts';
import { latestVerification } from '../../protocol/words/latestVerification.ts';
import { outcomeMark } from '../screen/glyphs.ts';
import type { Glyphs } from '../screen/glyphs.ts';
import { lineWidth, toned } from '../screen/line.ts';
import type { Line } from '../screen/line.ts';
import type { TreeContext, TreeLine } from './treeLine.ts';
import { displayWidth, padEnd, padStart } from '../screen/width.ts';

const indent = '      ';
const mostPassedChecks = 8;

export function stageDetails(stage: StageState, context: TreeContext): readonly TreeLine[] {
  if (stage.status === 'pending' || stage.status === 'skipped') return [];
  return [
    ...stage.steps.filter(step => step.status === 'running').map(step => runningStep(step, context)),
    ...latestFailures(stage).flatMap(step => failedStep(step, context)),
    ...drawChecks(stage, context),
    ...stage.decisions
      .filter(({ decision }) => decision !== 'continue')
      .map(({ decision, by, comment }): TreeLine => ({
        line: [
          indent,
          toned(
            decision === 'rollback' || decision === 'stop' ? 'bad' : decision === 'hold' ? 'warn' : 'good',
            `decided to ${decisionSentence(decision, by, comment)}`,
          ),
        ],
        indent: 8,
      })),
    ...(stage.rollback ? drawRollback(stage, stage.rollback, context) : []),
    ...(stage.failure && !stage.steps.some(step => step.failure?.message === stage.failure?.message)
      ? [{ line: [indent, toned('bad', failureSentence(stage.failure))], indent: 8 }]
      : []),
  ];
}

function runningStep(step: StepState, { glyphs, frame, nowMs, outputOf }: TreeContext): TreeLine {
  const last = outputOf(step.key).at(-1);
  return {
    indent: 8,
    line: [
      indent,
      toned('canary', glyphs.spinner[frame % glyphs.spinner.length] ?? ''),
      ` ${stepName(step)}`,
      toned('dim', `  ${formatDuration(nowMs - step.startedAtMs)}`),
      ...(last ? [toned('dim', `  ${plainLine(last, 120)}`)] : []),
    ],
  };
}

/** Attempts before a successful one are not shown. */
function latestFailures(stage: StageState): readonly StepState[] {
  return stage.steps.filter(
    (step, index) =>
      step.status === 'failed' &&
      !stage.steps
        .slice(index + 1)
        .some(
          later =>
            later.hook === step.hook &&
            later.phase === step.phase &&
            later.purpose === step.purpose &&
            later.nodes.join() === step.nodes.join(),
        ),
  );
}

function failedStep(step: StepState, { glyphs, outputOf }: TreeContext): readonly TreeLine[] {
  if (step.failure?.kind === 'cancelled')
    return [{ line: [indent, toned('warn', `${glyphs.unclear} ${stepName(step)} was asked to stop`)], indent: 8 }];
  return [
    {
      line: [
        indent,
        toned('bad', `${glyphs.fail} ${stepName(step)} failed`),
        step.failure ? `: ${failureSentence(step.failure)}` : '',
      ],
      indent: 8,
    },
    ...outputOf(step.key)
      .slice(-8)
      .map((text): TreeLine => ({ line: [`${indent}  `, toned('dim', `| ${plainLine(text, 400)}`)], indent: 10 })),
  ];
}

function stepName({ hook, nodes, attempt }: StepState): string {
  const where = nodes.length ? ` on ${formatList(nodes.map(node => plainLine(node, 80)))}` : '';
  return joinParts([`hook ${plainLine(hook, 80)}${where}`, attempt > 1 && `attempt ${attempt}`]);
}

function drawChecks(stage: StageState, context: TreeContext): readonly TreeLine[] {
  const verification = latestVerification(stage) ?? stage.verifications.findLast(one => speaksForPhase(one));
  if (!verification) return [];
  if (verification.status === 'skipped') return [{ line: [indent, toned('warn', 'verification skipped')], indent: 8 }];
  if (!verification.report)
    return [
      {
        line: [
          indent,
          toned(
            'dim',
            `verifying for ${formatDuration(context.nowMs - verification.sinceMs)}, first evaluation pending`,
          ),
        ],
        indent: 8,
      },
    ];
  return checkLines(verification.report.checks, context.glyphs, verification.status === 'running');
}

/**
 * Failed checks come first, then undecided ones, then passed ones. A long list of passed checks is only counted. In a
 * running verification, an undecided check has no verdict yet.
 */
export function checkLines(checks: readonly Check[], glyphs: Glyphs, running: boolean): readonly TreeLine[] {
  const rank = { fail: 0, inconclusive: 1, pass: 2 } as const;
  const ordered = [...checks].sort((left, right) => rank[left.outcome] - rank[right.outcome]);
  const passed = ordered.filter(check => check.outcome === 'pass');
  const shown = ordered.filter(check => check.outcome !== 'pass' || passed.indexOf(check) < mostPassedChecks);
  const width = Math.min(24, Math.max(0, ...shown.map(check => displayWidth(plainLine(check.name, 24)))));
  const hidden = passed.length - mostPassedChecks;
  return [
    ...shown.map(check => checkLine(check, glyphs, width, running)),
    ...(hidden > 0
      ? [{ line: [indent, toned('good', glyphs.pass), ` ${formatCount(hidden, 'more check')} passed`], indent: 8 }]
      : []),
    ...[...new Set(checks.flatMap(({ comparison }) => (comparison ? [comparisonPhrase(comparison)] : [])))].map(
      (phrase): TreeLine => ({ line: [indent, toned('dim', `compared with ${phrase}`)], indent: 8 }),
    ),
  ];
}

function checkLine(check: Check, glyphs: Glyphs, width: number, running: boolean): TreeLine {
  const mark =
    running && check.outcome === 'inconclusive' ? toned('dim', glyphs.pending) : outcomeMark(check.outcome, glyphs);
  const evidence = padStart(check.kind === 'measurement' ? '' : evidenceText(check), 11);
  const measure: Line = [
    indent,
    toned(mark.tone, mark.text),
    ' ',
    padEnd(plainLine(check.name, 24), width),
    '  ',
    ...(check.kind === 'measurement' ? [' '.repeat(barCells + 2)] : evidenceBar(check, glyphs)),
    toned('dim', evidence),
    '  ',
  ];
  return { line: [...measure, checkSentence(check)], indent: lineWidth(measure) };
}

function evidenceText({ evidence, threshold }: ComparedCheck): string {
  return `${formatNumber(Number(evidence.toPrecision(3)))} of ${formatNumber(threshold)}`;
}

const barCells = 10;

/** A logarithmic bar, since e-values multiply. Its limit is the evidence at which the check fails. */
function evidenceBar({ evidence, threshold, outcome }: ComparedCheck, { barFull, barEmpty, barLimit }: Glyphs): Line {
  const limit = 8,
    cells = barCells;
  const ratio = threshold > 1 ? Math.log(Math.max(1, evidence)) / Math.log(threshold) : 0;
  const filled = Math.min(cells, Math.max(0, ratio >= 1 ? limit + 1 : Math.min(limit - 1, Math.round(ratio * limit))));
  const tone = outcome === 'fail' ? 'bad' : 'canary';
  const cellsOf = (from: number, to: number): Line => [
    toned(tone, barFull.repeat(Math.max(0, Math.min(to, filled) - from))),
    toned('dim', barEmpty.repeat(Math.max(0, to - Math.max(from, filled)))),
  ];
  return [...cellsOf(0, limit), toned('dim', barLimit), ...cellsOf(limit, cells), ' '];
}

function drawRollback(stage: StageState, rollback: RollbackState, { nowMs, glyphs }: TreeContext): readonly TreeLine[] {
  const { from, to, nodes, startedAtMs, finishedAtMs, provenAtMs, failedNodes, failure, nodesRun } = rollback;
  const versions = `${plainLine(from.artifact.version, 80)} → ${plainLine(to.artifact.version, 80)}`;
  const what = `${glyphs.back} rollback ${versions} with its configuration, ${formatCount(nodes.length, 'node')}`;
  const back =
    finishedAtMs === undefined
      ? `, ${formatDuration(nowMs - startedAtMs)} so far`
      : failedNodes.length
        ? `: failed on ${formatList(failedNodes.map(node => plainLine(node, 80)))}`
        : `: back in ${formatDuration(finishedAtMs - startedAtMs)}`;
  const proof =
    provenAtMs === undefined
      ? finishedAtMs !== undefined && !failure && proofOf(stage)?.status === 'running'
        ? ', being verified'
        : ''
      : `, ${proofPhrase(rollback) ?? ''}`;
  return [
    {
      line: [
        indent,
        toned(
          failedNodes.length || failure ? 'bad' : finishedAtMs === undefined ? 'warn' : 'good',
          what + back + proof,
        ),
      ],
      indent: 8,
    },
    ...(failure ? [{ line: [indent, toned('bad', `not verified: ${failureSentence(failure)}`)], indent: 8 }] : []),
    ...Object.entries(nodesRun ?? {}).map(([node, release]): TreeLine => ({
      line: [`${indent}  ${plainLine(node, 80)} runs ${releaseName(release, rollback)}`],
      indent: 10,
    })),
  ];
}

function releaseName(release: string, { from, to }: RollbackState): string {
  const known = [to, from].find(({ id }) => id === release);
  if (known) return known.artifact.version;
  return release === 'unknown' ? 'an unknown release' : shortId(release);
}

function proofOf(stage: StageState): VerificationState | undefined {
  return stage.verifications.findLast(one => one.purpose === 'proof');
}
