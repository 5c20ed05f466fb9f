// A run as rows of a timeline: what happened when, in words, and how long after the decision. Panel, report and terminal show the same rows.
import { applyEvent, stagesOf } from '../model/runState.ts';
import type { RunState, StageState } from '../model/runState.ts';
import type { Instruction, RunEvent, RunEventBody } from '../model/runEvents.ts';
import type { Artifact, Release, ReleaseDifference } from '../model/release.ts';
import type { VerificationReport } from '../model/verdict.ts';
import { formatCount, formatDuration, formatList, formatShare, formatTime, shortId } from './format.ts';
import { escapeMarkdown } from './markdown.ts';
import { plainLine } from './plainText.ts';
import { checkSentence, decisionSentence, failureSentence, forecastSentence, markWords, outcomeWords, personName, reasonSentence, standingWords } from './sentences.ts';

export interface TimelineRow {
  readonly atMs: number;
  /** `key`: a turning point. `detail`: for those who follow every step. */
  readonly level: 'key' | 'normal' | 'detail';
  readonly tone: 'good' | 'bad' | 'warn' | 'neutral';
  /** What it tells of. */
  readonly about: RunEvent['type'] | 'first-anomaly';
  readonly text: string;
  /** How long the thing took that ends here. */
  readonly durationMs?: number;
  /** Since the latest decision to roll back. */
  readonly sinceDecisionMs?: number;
}
type RowParts = Partial<Pick<TimelineRow, 'atMs' | 'about' | 'level' | 'tone' | 'durationMs'>> & { readonly text: string };

export interface Timeline {
  readonly state: RunState | undefined;
  /** Rows that this event brings; events come in order. */
  add(event: RunEvent): readonly TimelineRow[];
}

export function timelineOf(runId: string, events: readonly RunEvent[]): readonly TimelineRow[] {
  const timeline = createTimeline(runId);
  return arrangeRows(events.flatMap(event => timeline.add(event)));
}

/** In the order of time: a first anomalous line is known only later than it was written. */
export function arrangeRows(added: readonly TimelineRow[]): readonly TimelineRow[] {
  const rows = [...added].sort((left, right) => left.atMs - right.atMs);
  const decidedAt = rows.find(row => row.sinceDecisionMs === 0)?.atMs;
  return rows.map(({ sinceDecisionMs, ...row }) => decidedAt === undefined || row.atMs < decidedAt || sinceDecisionMs === undefined ? row : { ...row, sinceDecisionMs });
}

/** How long it took, or how long after the decision it was: `+6.3 s`. Empty where neither is known. */
export function tookOf({ sinceDecisionMs, durationMs }: TimelineRow): string {
  if (sinceDecisionMs !== undefined) return sinceDecisionMs === 0 ? '0 s' : `+${formatDuration(sinceDecisionMs)}`;
  return durationMs === undefined ? '' : formatDuration(durationMs);
}

/** Rows as a list in Markdown; text of a log or a person does not become Markdown. */
export function timelineMarkdown(rows: readonly TimelineRow[]): string {
  return rows.map(row => {
    const took = tookOf(row);
    return `- ${formatTime(row.atMs)} ${escapeMarkdown(row.text)}${took ? ` (${took})` : ''}`;
  }).join('\n');
}

export function createTimeline(runId: string): Timeline {
  let state: RunState | undefined;
  let decidedAtMs: number | undefined;
  const memory: Memory = { connections: new Map(), forecast: new Set() };
  return {
    get state() { return state; },
    add(event) {
      state = applyEvent(runId, state, event);
      if (!state) return [];
      if (event.type === 'decided' && event.decision === 'rollback') decidedAtMs ??= event.at;
      const describe = rowsOf[event.type] as (event: RunEvent, state: RunState, memory: Memory) => readonly RowParts[];
      const since = decidedAtMs === undefined ? {} : { sinceDecisionMs: event.at - decidedAtMs };
      return describe(event, state, memory).map(parts => ({ atMs: event.at, about: event.type, level: 'normal', tone: 'neutral', ...since, ...parts }));
    },
  };
}

interface Memory {
  /** Connection of a marker, by key. */
  readonly connections: Map<string, string>;
  /** Verifications whose forecast has been told. */
  readonly forecast: Set<string>;
}
type Describe<T extends RunEventBody['type']> = (event: RunEvent & { type: T }, state: RunState, memory: Memory) => readonly RowParts[];

const answerWords = {
  approve: 'approved', reject: 'rejected', rollback: 'asked for a rollback', promote: 'asked to promote', hold: 'asked to hold', cancel: 'asked to cancel',
  'skip-verification': 'asked to skip the verification', 'retry-verification': 'asked to verify again', feedback: 'marked a log event',
} satisfies Record<Instruction['type'], string>;

/** One entry for each type of event: a new type does not compile before it has words. */
const rowsOf: { readonly [T in RunEventBody['type']]: Describe<T> } = {
  'run-started': ({ pipeline, artifact, by, resumes }) => [{ level: 'key', text: `${plainLine(pipeline, 80)} ${version(artifact)} started by ${personName(by)}${resumes ? `, from ${plainLine(resumes.from, 80)} on` : ''}` }],
  'run-resumed': ({ by }) => [{ tone: 'warn', text: `Taken up again by ${personName(by)}` }],
  'environment-waited-for': ({ stage, environment, heldBy }) => [{ tone: 'warn', text: `${plainLine(stage, 80)} waits for ${plainLine(environment, 80)}: run ${plainLine(heldBy, 80)} is there` }],
  'stage-started': ({ stage }) => [{ level: 'detail', text: `${plainLine(stage, 80)} started` }],
  'stage-finished': (event, state) => [finishedStage(event, stageNamed(state, event.stage))],
  'hook-intended': ({ call }) => [{ level: 'detail', text: `${plainLine(call.stage, 80)}: hook ${plainLine(call.hook, 80)}${on(call.nodes)} started${call.attempt > 1 ? `, attempt ${call.attempt}` : ''}` }],
  'hook-finished': (event, state) => finishedHook(event, state),
  'retry-scheduled': ({ afterMs }) => [{ tone: 'warn', text: `Tries again in ${formatDuration(afterMs)}` }],
  'phase-started': ({ stage, phase, of, nodes, canaryNodes, baselineNodes }) => [{
    text: `${plainLine(stage, 80)}: phase ${phase} of ${of}, ${formatShare(canaryNodes.length / Math.max(1, canaryNodes.length + baselineNodes.length))} of the nodes, upgrades ${names(nodes)}` }],
  'phase-finished': ({ stage, phase, decision }) => [{ level: 'detail', text: `${plainLine(stage, 80)}: phase ${phase} ended, decision ${decision}` }],
  'nodes-changed': ({ nodes, release }, state) => [{
    level: release === null ? 'detail' : 'normal',
    text: release === null ? `What ${names(nodes)} ${nodes.length === 1 ? 'runs' : 'run'} is not known until the hook has ended` : `${names(nodes)} ${nodes.length === 1 ? 'runs' : 'run'} ${releaseName(state, release)}` }],
  'marker-intended': ({ key, connection }, _state, memory) => { memory.connections.set(key, connection); return []; },
  'marker-finished': ({ key, failure }, _state, memory) => [failure
    ? { tone: 'warn', text: `No marker in ${plainLine(memory.connections.get(key) ?? 'the monitoring', 80)}: ${failureSentence(failure)}` }
    : { text: `Marked in ${plainLine(memory.connections.get(key) ?? 'the monitoring', 80)}` }],
  'verification-started': ({ stage, purpose, phase, canaryNodes, baselineNodes, against }) => [{ level: 'detail', text: purpose === 'proof'
    ? `${plainLine(stage, 80)}: the same checks look at ${formatCount(canaryNodes.length, 'node')} that went back`
    : `${plainLine(stage, 80)}: verification of phase ${phase} looks at ${formatCount(canaryNodes.length, 'canary node')} against ${against?.mode === 'load-test' ? `run ${against.number}${against.by === undefined ? '' : `, pinned by ${plainLine(against.by, 80)}`}` : formatCount(baselineNodes.length, 'node')}` }],
  'looked': ({ report, key }, _state, memory) => {
    if (memory.forecast.has(key) || !report.checks.some(check => check.kind === 'metric' && check.forecast)) return [];
    memory.forecast.add(key);
    return forecastRows(report);
  },
  'verification-finished': (event, state) => finishedVerification(event, state),
  'verification-skipped': ({ by, why }) => [{ tone: 'warn', text: `Verification skipped by ${personName(by)}: ${plainLine(why, 300)}` }],
  'decided': ({ stage, decision, by, comment, reasons, failure }) => [{
    level: decision === 'continue' ? 'normal' : 'key', tone: ({ promote: 'good', continue: 'good', hold: 'warn', rollback: 'bad', stop: 'bad' } as const)[decision],
    text: `${plainLine(stage, 80)}: decided to ${decisionSentence(decision, by, comment)}${failure ? ` (${failureSentence(failure)})` : decision === 'hold' && reasons[0] ? ` (${reasonSentence(reasons[0])})` : ''}` }],
  'asked': ({ question }) => [{ level: 'key', tone: 'warn', text: `${question.kind === 'approval' ? 'Approval asked for' : 'Decision asked for'}: ${plainLine(question.message, 300) || plainLine(question.stage, 80)}` }],
  'answered': ({ answer, refused }) => [refused
    ? { tone: 'warn', text: `${personName(answer.by)} ${answerWords[answer.type]}, which does not count: ${plainLine(refused, 300)}` }
    : { text: `${personName(answer.by)} ${answerWords[answer.type]}${answer.comment ? `: ${plainLine(answer.comment, 300)}` : ''}` }],
  'question-closed': ({ question, result }, state) => closedQuestion(question, result, state),
  'rollback-started': ({ from, to, difference, nodes, stage }) => [{ level: 'key', text: `${plainLine(stage, 80)}: rollback began, ${version(from.artifact)} → ${version(to.artifact)}${together(difference)} on ${formatCount(nodes.length, 'node')}` }],
  'rollback-impossible': ({ stage, failure }) => [{ level: 'key', tone: 'bad', text: `${plainLine(stage, 80)}: rollback impossible, ${failureSentence(failure)}` }],
  'rollback-finished': ({ stage, failedNodes }, state) => [finishedRollback(stageNamed(state, stage), stage, failedNodes)],
  'rollback-proven': ({ stage, report }, state) => [provenRollback(stageNamed(state, stage), stage, report?.checks.length ?? 0)],
  'rollback-unproven': ({ stage, failure, nodes }) => [{ level: 'key', tone: 'bad', text: `${plainLine(stage, 80)}: rollback not proven, ${failureSentence(failure)}${runningNow(nodes)}` }],
  'ledger-recorded': ({ environment, release, standing }, state) => [{ level: 'detail', text: `${releaseName(state, release)} recorded as ${standingWords[standing]} in ${plainLine(environment, 80)}` }],
  'baseline-learned': ({ environment, source, clusters, deployments }) => [{ text: `Learned ${formatCount(clusters, 'log event')} of ${plainLine(environment, 80)} from ${plainLine(source, 80)}; ${formatCount(deployments, 'good deployment')} in all` }],
  'feedback-given': ({ by, template, mark, reason }) => [{ text: mark
    ? `${personName(by)} called “${plainLine(template, 160)}” ${markWords[mark]}${reason ? `: ${plainLine(reason, 300)}` : ''}`
    : `${personName(by)} took back what was said of “${plainLine(template, 160)}”` }],
  'cancel-asked': ({ by }) => [{ level: 'key', tone: 'warn', text: `Cancel asked for by ${personName(by)}` }],
  'noted': ({ failure }) => [{ tone: 'warn', text: failureSentence(failure) }],
  'run-finished': ({ outcome, failure }, state) => [{
    level: 'key', tone: ({ promoted: 'good', 'rolled-back': 'bad', failed: 'bad', held: 'warn', rejected: 'bad', cancelled: 'warn' } as const)[outcome],
    text: `Run ${outcome === 'promoted' ? 'promoted' : outcomeWords[outcome]}${failure && !stagesOf(state).some(stage => stage.failure?.message === failure.message) ? `: ${failureSentence(failure)}` : ''}`,
    durationMs: (state.finishedAtMs ?? state.startedAtMs) - state.startedAtMs }],
};

function finishedStage(event: RunEvent & { type: 'stage-finished' }, stage: StageState | undefined): RowParts {
  const { outcome, failure } = event;
  return {
    text: `${plainLine(event.stage, 80)} ${outcomeWords[outcome]}${failure && failure.kind !== 'cancelled' ? `: ${failureSentence(failure)}` : ''}`,
    tone: outcome === 'passed' ? 'good' : outcome === 'skipped' ? 'neutral' : outcome === 'held' || outcome === 'cancelled' ? 'warn' : 'bad',
    ...(stage?.startedAtMs !== undefined && { durationMs: event.at - stage.startedAtMs }),
  };
}

function finishedHook({ key, outcome }: RunEvent & { type: 'hook-finished' }, state: RunState): readonly RowParts[] {
  const stage = stagesOf(state).find(one => one.steps.some(step => step.key === key));
  const step = stage?.steps.find(one => one.key === key);
  const hook = `${stage ? `${plainLine(stage.name, 80)}: ` : ''}hook ${plainLine(step?.hook ?? key, 80)}${on(step?.nodes ?? [])}`;
  return outcome.kind === 'succeeded'
    ? [{ level: 'detail', tone: 'good', text: `${hook} succeeded`, durationMs: outcome.durationMs }]
    : outcome.failure.kind === 'cancelled' ? [{ tone: 'warn', text: `${hook} was told to stop`, durationMs: outcome.durationMs }]
    : [{ tone: 'bad', text: `${hook} failed: ${failureSentence(outcome.failure)}`, durationMs: outcome.durationMs }];
}

const mostForecasts = 3;

/** Said once, and only of what the planned time cannot tell well: the metric that tells least comes first. */
function forecastRows(report: VerificationReport): readonly RowParts[] {
  const blurred = report.checks.flatMap(check => check.kind === 'metric' && check.forecast && (check.forecast.smallestChange ?? Infinity) > check.forecast.change ? [{ name: check.name, forecast: check.forecast }] : [])
    .sort((left, right) => (right.forecast.smallestChange ?? Infinity) - (left.forecast.smallestChange ?? Infinity));
  if (blurred.length === 0) return [];
  const isBlind = blurred.some(({ forecast }) => (forecast.smallestChange ?? Infinity) > 1);
  const rest = blurred.length > mostForecasts ? `; ${formatCount(blurred.length - mostForecasts, 'metric')} more` : '';
  return [{ level: isBlind ? 'normal' : 'detail', tone: isBlind ? 'warn' : 'neutral', text: `Forecast: ${blurred.slice(0, mostForecasts).map(({ name, forecast }) => forecastSentence(name, forecast)).join('; ')}${rest}` }];
}

function finishedVerification({ report, firstAnomalyMs, key, at }: RunEvent & { type: 'verification-finished' }, state: RunState): readonly RowParts[] {
  const proof = stagesOf(state).some(stage => stage.verifications.some(one => one.key === key && one.purpose === 'proof')) ? 'Proof' : 'Verification';
  const telling = report.checks.filter(check => check.outcome === report.outcome);
  const checks = report.outcome === 'pass' ? formatCount(report.checks.length, 'check') : telling.map(checkSentence).join('; ');
  const words = { pass: 'passed', fail: 'failed', inconclusive: 'could not decide' }[report.outcome];
  const tone = ({ pass: 'good', fail: 'bad', inconclusive: 'warn' } as const)[report.outcome];
  const first: RowParts[] = firstAnomalyMs === undefined || report.outcome !== 'fail' ? [] : [{ atMs: firstAnomalyMs, about: 'first-anomaly', tone: 'bad', text: `First anomalous line, found ${formatDuration(at - firstAnomalyMs)} later` }];
  return [...first, { level: report.outcome !== 'pass' ? 'key' : proof === 'Proof' ? 'detail' : 'normal', tone, text: `${proof} ${words}: ${checks || 'nothing was measured'}` }];
}

/** An answer has its own row: only what ended a question without one is news. */
function closedQuestion(id: string, result: string, state: RunState): readonly RowParts[] {
  const question = state.questions.find(one => one.question.id === id);
  const subject = plainLine(question?.question.stage ?? id, 80);
  if (result === 'timed-out') return [{ tone: 'warn', text: `${subject}: nobody answered in time` }];
  return result === 'overtaken' ? [{ tone: 'warn', text: `${subject}: events overtook the question` }] : [];
}

function finishedRollback(stage: StageState | undefined, name: string, failedNodes: readonly string[]): RowParts {
  const count = stage?.rollback?.nodes.length ?? 0;
  const back = stage?.rollback ? ` ${version(stage.rollback.to.artifact)}` : ' the old release';
  return failedNodes.length
    ? { level: 'key', tone: 'bad', text: `${plainLine(name, 80)}: ${names(failedNodes)} could not be brought back; ${count - failedNodes.length} of ${formatCount(count, 'node')} run${back} again` }
    : { level: 'key', tone: 'good', text: `${plainLine(name, 80)}: ${count} of ${formatCount(count, 'node')} run${back} again` };
}

function provenRollback(stage: StageState | undefined, name: string, checks: number): RowParts {
  const both = stage?.rollback ? `, ${version(stage.rollback.to.artifact)} and its configuration are back` : '';
  return { level: 'key', tone: 'good', text: `${plainLine(name, 80)}: proven${checks ? ` healthy by ${formatCount(checks, 'check')}` : ''}${both}` };
}

function together({ files, variables }: ReleaseDifference): string {
  const parts = [files.length ? formatCount(files.length, 'file') : '', variables.length ? formatCount(variables.length, 'variable') : ''].filter(Boolean);
  return parts.length ? ` together with ${parts.join(' and ')}` : ' (configuration unchanged)';
}

function runningNow(nodes: Readonly<Record<string, string>>): string {
  const parts = Object.entries(nodes).map(([node, release]) => `${plainLine(node, 80)} runs ${release === 'unknown' ? 'what is not known' : shortId(release)}`);
  return parts.length ? `: ${formatList(parts, 20)}` : '';
}

function releaseName(state: RunState, id: string): string {
  const known: readonly Release[] = [state.release, ...stagesOf(state).flatMap(stage => stage.rollback ? [stage.rollback.from, stage.rollback.to] : [])];
  const release = known.find(one => one.id === id);
  return release ? version(release.artifact) : `release ${shortId(plainLine(id, 80))}`;
}

function stageNamed(state: RunState, name: string): StageState | undefined {
  return stagesOf(state).find(stage => stage.name === name);
}

function version(artifact: Artifact): string {
  return plainLine(artifact.version, 80);
}

function names(nodes: readonly string[]): string {
  return formatList(nodes.map(node => plainLine(node, 80)));
}

function on(nodes: readonly string[]): string {
  return nodes.length ? ` on ${names(nodes)}` : '';
}
