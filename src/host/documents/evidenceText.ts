// The evidence of a run as a document: verdict, checks with reasons, clusters with samples, and the queries.
import { stagesOf, type RunState, type StageState, type VerificationState } from '../../model/runs/runState.ts';
import type { Answer } from '../../model/evidence/evidence.ts';
import type { Check, ClusterReport } from '../../model/evidence/verdict.ts';
import {
  joinParts,
  formatCount,
  formatDuration,
  formatList,
  formatMoment,
  formatNumber,
  formatTime,
} from '../../protocol/words/format.ts';
import { plainLine, plainText } from '../../protocol/words/plainText.ts';
import {
  checkFinding,
  checkTitle,
  comparisonPhrase,
  decisionReasons,
  decisionSentence,
  failureSentence,
  timingPhrase,
} from '../../protocol/words/sentences.ts';
import { formatConfidence } from '../../protocol/words/confidence.ts';
import { inDeployments } from '../../protocol/words/clusterPhrases.ts';
import { t } from '../../protocol/words/translate.ts';
import { neededSentence, whatIfSentence } from '../../protocol/words/whatIfSentence.ts';
import { answeredRow } from '../../protocol/report/rowWords.ts';
import { actionSentence, verdictSentence } from '../../protocol/words/verdictSentence.ts';
import { questionSentence } from '../../protocol/words/questionSentences.ts';
import { answerWord, closedWord, stageWord } from '../../protocol/words/words.ts';
import { snapshotQueries } from '../../protocol/snapshot/snapshotQueries.ts';
import { countsPhrase } from './clusterText.ts';
import { wrapText } from './wrapText.ts';

const samplesShown = 3,
  clustersShown = 30,
  /** What the lines below a check begin with. */
  detail = ' '.repeat(6),
  longestAnswer = 500;

export function evidenceText(state: RunState, number: number | undefined): string {
  const stages = stagesOf(state).filter(stage => stage.verifications.length || stage.failure || stage.decisions.length);
  return [
    titleOf(state, number),
    '',
    ...wrapText(`${verdictSentence(state)}.`),
    ...wrapText(actionSentence(state)),
    '',
    t('Started {0} by {1}.', formatMoment(state.startedAtMs), plainLine(state.by.name, 80)),
    ...state.questions.flatMap(one =>
      wrapText(
        one.closed === undefined
          ? t('Waiting for {0}', questionSentence(one))
          : t('Question ({0}): {1}', closedWord(one.closed), questionSentence(one)),
      ),
    ),
    ...state.questions.flatMap(one =>
      one.answers.map(({ answer, refused }) => `  ${formatTime(answer.at)} ${answeredRow(answer, refused).text}`),
    ),
    ...(stages.length ? stages.flatMap(stageText) : ['', t('Nothing has been verified yet.')]),
    ...state.notes.flatMap(note => wrapText(t('Note: {0}', failureSentence(note)))),
    '',
  ].join('\n');
}

function titleOf({ service, artifact, pipeline }: RunState, number: number | undefined): string {
  const what = `${plainLine(service, 80)} ${plainLine(artifact.version, 80)}`;
  return number === undefined
    ? t('{0} of {1}', what, plainLine(pipeline, 80))
    : t('{0}, run #{1} of {2}', what, number, plainLine(pipeline, 80));
}

function stageText(stage: StageState): readonly string[] {
  const title = `${plainLine(stage.name, 80)}: ${stageWord(stage.status)}`;
  const { rollback } = stage;
  return [
    '',
    title,
    '='.repeat(title.length),
    ...(stage.failure ? wrapText(failureSentence(stage.failure)) : []),
    ...stage.decisions.flatMap(({ decision, by, at, reasons, comment }) => {
      const why = reasons.length ? ` (${decisionReasons(reasons, checksBefore(stage, at))})` : '';
      return wrapText(`${formatTime(at)} ${decisionSentence(decision, by, comment)}${why}`, '  ');
    }),
    ...(rollback ? wrapText(rollbackText(rollback)) : []),
    ...stage.verifications.flatMap(verificationText),
  ];
}

/** Of the newest report that a decision could know. */
function checksBefore({ verifications }: StageState, at: number): readonly Check[] {
  return verifications.findLast(({ report }) => report && report.lookedAtMs <= at)?.report?.checks ?? [];
}

function rollbackText({ nodes, from, to, startedAtMs, finishedAtMs }: NonNullable<StageState['rollback']>): string {
  const parts = [
    formatList(
      nodes.map(node => plainLine(node, 40)),
      20,
    ),
    plainLine(from.artifact.version, 80),
    plainLine(to.artifact.version, 80),
  ] as const;
  return finishedAtMs === undefined
    ? t('Rollback of {0} from {1} to {2}.', ...parts)
    : t('Rollback of {0} from {1} to {2} in {3}.', ...parts, formatDuration(finishedAtMs - startedAtMs));
}

function verificationText(one: VerificationState): readonly string[] {
  const { report, queries } = one;
  const name = {
    'start-up': t('Start of phase {0}', one.phase),
    canary: t('Verification of phase {0}', one.phase),
    watch: t('Watch after the last phase'),
    proof: t('Verification of the rollback'),
  }[one.purpose];
  const outcome = report
    ? { pass: t('passed'), fail: t('failed'), inconclusive: t('no verdict') }[report.outcome]
    : t('not evaluated yet');
  const title = `${name}: ${one.status === 'skipped' ? t('skipped') : outcome}`;
  return [
    '',
    title,
    '-'.repeat(title.length),
    ...(report ? [t('{0}, the last at {1}.', formatCount(report.looks, 'look'), formatTime(report.lookedAtMs))] : []),
    ...(report?.failure ? wrapText(failureSentence(report.failure)) : []),
    ...(report?.checks ?? []).flatMap(checkText),
    ...(queries.length ? ['', t('Queries'), ...queryText(queries)] : []),
  ];
}

/** A query that was asked again and again is shown once, as it was sent last. */
function queryText(queries: VerificationState['queries']): readonly string[] {
  return [...Map.groupBy(queries, ({ source }) => source)].flatMap(([source, own]) =>
    snapshotQueries(own, undefined, undefined).entries.flatMap(({ asked, total, text }) => [
      `  ${plainLine(source, 80)}, ${asked} (${total}):`,
      ...text.split('\n').map(line => `    ${line}`),
    ]),
  );
}

function checkText(check: Check): readonly string[] {
  const mark = { pass: t('PASS'), fail: t('FAIL'), inconclusive: t('NO VERDICT') }[check.outcome];
  const margins = [
    ...(check.whatIf ?? []).map(whatIfSentence),
    ...[neededSentence(check)].filter(needed => needed !== undefined).map(needed => t('needs {0}', needed)),
  ];
  const head = wrapText(`${mark}  ${checkTitle(check)}: ${checkFinding(check)}`, detail);
  if (check.kind === 'measurement') return ['', ...head, ...check.answers.flatMap(answerText)];
  const evidence = t(
    'confidence it is worse: {0}, fails at {1} (e-value {2} of {3})',
    formatConfidence(check.evidence),
    formatConfidence(check.threshold),
    formatNumber(check.evidence),
    formatNumber(check.threshold),
  );
  const lines = [
    '',
    ...head,
    ...[
      `${evidence}${timingPhrase(check)}`,
      ...(check.comparison ? [t('compared with {0}', comparisonPhrase(check.comparison))] : []),
      ...margins,
    ].flatMap(text => wrapText(`${detail}${text}`)),
  ];
  if (check.kind === 'metric') return lines;
  return [
    ...lines,
    ...check.clusters.slice(0, clustersShown).flatMap(clusterText),
    ...(check.hiddenClusters > 0
      ? [`${detail}${t('{0} not shown', formatCount(check.hiddenClusters, 'more known cluster'))}`]
      : []),
  ];
}

function answerText({ atMs, outcome, why }: Answer): readonly string[] {
  return wrapText(`      ${joinParts([formatTime(atMs), answerWord(outcome), plainLine(why, longestAnswer)])}`);
}

function clusterText(cluster: ClusterReport): readonly string[] {
  const name = { known: t('known'), unknown: t('UNKNOWN'), 'unexpected-frequency': t('UNEXPECTED FREQUENCY') }[
    cluster.class
  ];
  const words = { canary: t('canary'), baseline: t('baseline') };
  const samples = (role: 'canary' | 'baseline'): readonly string[] =>
    cluster.samples[role]
      .slice(0, samplesShown)
      .map(sample => `        ${words[role]}: ${plainText(sample.slice(0, 4000)).replaceAll('\n', '\n          ')}`);
  const nodes = formatList(
    Object.entries(cluster.nodes).map(([node, lines]) => `${plainLine(node, 40)} (${lines})`),
    10,
  );
  const facts = [
    countsPhrase(cluster),
    inDeployments(cluster.deployments),
    nodes ? t('on {0}', nodes) : t('on no canary node'),
    t('first {0}, last {1}', formatTime(cluster.firstSeenMs), formatTime(cluster.lastSeenMs)),
  ];
  return [
    '',
    `    ${name}  ${plainLine(cluster.template, 400)}`,
    ...wrapText(`${detail}${facts.join('; ')}`),
    ...(cluster.class === 'known' ? [] : [...samples('canary'), ...samples('baseline')]),
  ];
}
