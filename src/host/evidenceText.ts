// The evidence of a run as a document to read: verdict, checks with their reasons, clusters with samples, and the queries that were asked.
import { stagesOf, type RunState, type StageState, type VerificationState } from '../model/runState.ts';
import type { Check, ClusterReport } from '../model/verdict.ts';
import { formatBytes } from '../model/byteSize.ts';
import { formatCount, formatDuration, formatList, formatMoment, formatNumber, formatTime } from '../protocol/format.ts';
import { plainLine, plainText } from '../protocol/plainText.ts';
import { checkSentence, comparisonPhrase, decisionSentence, failureSentence, reasonSentence, timingPhrase } from '../protocol/sentences.ts';
import { neededSentence, whatIfSentence } from '../protocol/whatIfSentence.ts';
import { actionSentence, questionSentence, verdictSentence } from '../protocol/verdictSentence.ts';

const samplesShown = 3, clustersShown = 30, queriesShown = 40;

export function evidenceText(state: RunState, number: number | undefined): string {
  const stages = stagesOf(state).filter(stage => stage.verifications.length || stage.failure || stage.decisions.length);
  return [
    `${plainLine(state.service, 80)} ${plainLine(state.artifact.version, 80)}${number === undefined ? '' : `, run #${number}`} of ${plainLine(state.pipeline, 80)}`,
    '',
    `${verdictSentence(state)}.`, actionSentence(state), '',
    `Started ${formatMoment(state.startedAtMs)} by ${plainLine(state.by.name, 80)}.`,
    ...state.questions.map(one => `${one.closed === undefined ? 'Waits for' : `Asked (${one.closed})`} ${questionSentence(one)}`),
    ...state.questions.flatMap(one => one.answers.map(({ answer, refused }) => `  ${answer.type} by ${plainLine(answer.by.name, 80)} at ${formatTime(answer.at)}${answer.comment ? `: ${plainLine(answer.comment, 300)}` : ''}${refused ? ` (does not count: ${plainLine(refused, 300)})` : ''}`)),
    ...(stages.length ? stages.flatMap(stageText) : ['', 'Nothing has been verified yet.']),
    ...state.notes.map(note => `Note: ${failureSentence(note)}`),
    '',
  ].join('\n');
}

function stageText(stage: StageState): readonly string[] {
  const title = `${plainLine(stage.name, 80)}: ${stage.status}`;
  const { rollback } = stage;
  return [
    '', title, '='.repeat(title.length),
    ...(stage.failure ? [failureSentence(stage.failure)] : []),
    ...stage.decisions.map(({ decision, by, at, reasons, comment }) => `${formatTime(at)} ${decisionSentence(decision, by, comment)}${reasons.length ? ` (${reasons.map(reasonSentence).join('; ')})` : ''}`),
    ...(rollback ? [`Rollback of ${formatList(rollback.nodes.map(node => plainLine(node, 40)), 20)} from ${plainLine(rollback.from.artifact.version, 80)} to ${plainLine(rollback.to.artifact.version, 80)}${rollback.finishedAtMs === undefined ? '' : ` in ${formatDuration(rollback.finishedAtMs - rollback.startedAtMs)}`}.`] : []),
    ...stage.verifications.flatMap(verificationText),
  ];
}

function verificationText(one: VerificationState): readonly string[] {
  const { report, queries } = one;
  const name = { canary: `Verification of phase ${one.phase}`, watch: 'Watch after the last phase', proof: 'Proof of the rollback' }[one.purpose];
  const title = `${name}: ${one.status === 'skipped' ? 'skipped' : report?.outcome ?? 'has not looked yet'}`;
  return [
    '', title, '-'.repeat(title.length),
    ...(report ? [`${formatCount(report.looks, 'look')}, the last at ${formatTime(report.lookedAtMs)}.`] : []),
    ...(report?.failure ? [failureSentence(report.failure)] : []),
    ...(report?.checks ?? []).flatMap(checkText),
    ...(queries.length ? ['', 'Queries', ...queries.slice(-queriesShown).map(query => `  ${formatTime(query.atMs)} ${plainLine(query.source, 80)} (${formatCount(query.rows, 'row')}, ${formatBytes(query.bytes)}, ${formatDuration(query.durationMs)}): ${plainLine(query.text, 2000)}`)] : []),
  ];
}

function checkText(check: Check): readonly string[] {
  const mark = { pass: 'PASS', fail: 'FAIL', inconclusive: 'NO VERDICT' }[check.outcome];
  const margins = [...(check.whatIf ?? []).map(whatIfSentence), ...[neededSentence(check)].filter(needed => needed !== undefined).map(needed => `needs ${needed}`)];
  const head = `${mark}  ${plainLine(check.source, 80)}, ${plainLine(check.name, 80)}: ${checkSentence(check)}`;
  const numbers = `      evidence ${formatNumber(check.evidence)}, enough from ${formatNumber(check.threshold)}${timingPhrase(check)}`;
  const lines = ['', head, numbers, ...(check.comparison ? [`      compared with ${comparisonPhrase(check.comparison)}`] : []), ...margins.map(margin => `      ${margin}`)];
  if (check.kind === 'metric') return lines;
  return [...lines, ...check.clusters.slice(0, clustersShown).flatMap(clusterText),
    ...(check.hiddenClusters > 0 ? [`      ${formatCount(check.hiddenClusters, 'more known cluster')} not listed`] : [])];
}

function clusterText(cluster: ClusterReport): readonly string[] {
  const name = { known: 'known', unknown: 'UNKNOWN', 'unexpected-frequency': 'UNEXPECTED FREQUENCY' }[cluster.class];
  const times = cluster.ratio === null ? '' : `, ${formatNumber(cluster.ratio)} times as expected`;
  const samples = (role: 'canary' | 'baseline'): readonly string[] => cluster.samples[role].slice(0, samplesShown).map(sample => `        ${role}: ${plainText(sample.slice(0, 4000)).replaceAll('\n', '\n          ')}`);
  return [
    '', `    ${name}  ${plainLine(cluster.template, 400)}`,
    `      ${formatCount(cluster.canaryCount, 'canary line')} against ${formatCount(cluster.baselineCount, 'baseline line')}${times}; in ${formatCount(cluster.deployments, 'good deployment')}; on ${formatList(Object.entries(cluster.nodes).map(([node, lines]) => `${plainLine(node, 40)} (${lines})`), 10) || 'no canary node'}; first ${formatTime(cluster.firstSeenMs)}, last ${formatTime(cluster.lastSeenMs)}`,
    ...(cluster.class === 'known' ? [] : [...samples('canary'), ...samples('baseline')]),
  ];
}
