// Rules on canary stages: phases that grow, a verification where one is needed, and durations that are compatible.
import { defaults } from '../compile/defaults.ts';
import type { Span } from '../../model/file/place.ts';
import { errorAt, spanOf, warningAt } from '../../model/file/drafts.ts';
import { formatDuration, minuteMs, parseDuration, parsePercent } from '../../model/file/durations.ts';
import type { Entry, Place } from '../../model/file/place.ts';
import { child, entriesOf, entryOf, isFalse, itemsOf, numberOf, textOf } from '../../model/file/place.ts';
import { targetsOf } from './environments.ts';
import type { Outline, StageOutline } from './outline.ts';
import { checkApproval } from './stages.ts';

export function checkCanaries(outline: Outline): void {
  for (const stage of outline.stages) {
    const canary = entryOf(stage.place, 'canary');
    if (stage.kind !== 'canary' || canary?.value.kind !== 'map') continue;
    for (const total of nodeCountsOf(outline, stage.place)) checkPhases(outline, canary.value, total);
    checkVerification(outline, stage, canary);
    if (!entryOf(canary.value, 'check')) {
      outline.report(
        warningAt(
          canary.keySpan,
          'canary-without-check',
          'This canary has no `check` hook. Only its verification then judges health and verifies a rollback.',
        ),
      );
    }
    checkTimes(outline, stage.place, canary);
    checkApprovals(outline, stage.place, canary);
  }
}

/** The size of a phase, as far as the file determines it. */
interface PhaseSize {
  readonly at: Place;
  readonly share?: number;
  readonly count?: number;
  /** The phase's share of the traffic, which may grow without further nodes. */
  readonly weight?: PhaseSize;
}

function checkPhases(outline: Outline, canary: Place, total: number | undefined): void {
  const phases = itemsOf(child(canary, 'phases')).map(phase => {
    checkReach(outline, phase, total);
    return sizeOfPhase(phase, total);
  });
  const sizes = phases.filter(size => size !== undefined);
  let before: PhaseSize | undefined;
  for (const size of sizes) {
    if (size.share === undefined && total !== undefined && (size.count ?? 0) > total) {
      outline.report(
        errorAt(
          spanOf(size.at),
          'phase-over-node-count',
          `This phase takes ${size.count} nodes, and the environment has ${total}.`,
          { found: describeSize(size), allowed: [`up to ${total}`] },
        ),
      );
      continue;
    }
    const [earlier, later] = before?.weight && size.weight ? [before.weight, size.weight] : [before, size];
    if (earlier && !grows(earlier, later)) reportNoGrowth(outline, earlier, later, total);
    before = size;
  }
  const last = phases.at(-1);
  const reachesAll =
    last && (last.share === undefined ? total === undefined || (last.count ?? 0) >= total : last.share >= 1);
  if (last && !reachesAll) {
    outline.report(
      warningAt(
        spanOf(last.at),
        'last-phase-not-all',
        'The last phase does not take all nodes: the others keep the old release. End with `nodes: 100%`.',
        { found: describeSize(last), allowed: ['100%'] },
      ),
    );
  }
}

/** A phase with only a weight needs nodes that a command lists with their versions: these show which are upgraded. */
function checkReach({ report }: Outline, phase: Place, total: number | undefined): void {
  if (child(phase, 'nodes')) return;
  const weight = entryOf(phase, 'weight');
  if (!weight)
    report(
      errorAt(spanOf(phase), 'missing-key', 'A phase needs `nodes`, `weight` or both.', {
        allowed: ['nodes', 'weight'],
      }),
    );
  else if (total !== undefined)
    report(
      errorAt(
        weight.keySpan,
        'missing-key',
        'Write `nodes` too: which nodes receive this share of the traffic. ' +
          'Only nodes that a `command` lists with their version are found without it.',
        { allowed: ['nodes'] },
      ),
    );
}

function sizeOfPhase(phase: Place, total: number | undefined): PhaseSize | undefined {
  const weight = sizeOf(child(phase, 'weight'), undefined),
    size = child(phase, 'nodes') ? sizeOf(child(phase, 'nodes'), total) : weight;
  return size && { ...size, ...(weight && { weight }) };
}

/** The number of nodes of each environment that the stage can deploy to; undefined if the file does not list them. */
function nodeCountsOf(outline: Outline, stage: Place): ReadonlySet<number | undefined> {
  const counts = targetsOf(outline, stage).map(name => {
    const nodes = child(outline.root, 'environments', name, 'nodes');
    return nodes?.kind === 'list' ? nodes.items.length : undefined;
  });
  return new Set(counts.length > 0 ? counts : [undefined]);
}

function sizeOf(at: Place | undefined, total: number | undefined): PhaseSize | undefined {
  const share = parsePercent(textOf(at) ?? '');
  if (at && share !== undefined && share > 0 && share <= 1) {
    const rounded =
      total === undefined
        ? undefined
        : share >= 1
          ? total
          : Math.max(1, Math.min(Math.ceil(Number((share * total).toFixed(9))), total - 1));
    return { at, share, ...(rounded !== undefined && { count: rounded }) };
  }
  const count = numberOf(at);
  return at && count !== undefined && Number.isInteger(count) && count > 0 ? { at, count } : undefined;
}

function grows(before: PhaseSize, size: PhaseSize): boolean {
  if (before.count !== undefined && size.count !== undefined) return size.count > before.count;
  return before.share === undefined || size.share === undefined || size.share > before.share;
}

function reportNoGrowth({ report }: Outline, before: PhaseSize, size: PhaseSize, total: number | undefined): void {
  const bothShares = before.share !== undefined && size.share !== undefined;
  const shrinks = bothShares ? (size.share ?? 0) <= (before.share ?? 0) : (size.count ?? 0) < (before.count ?? 0);
  const message =
    shrinks || total === undefined
      ? `Each phase must take more nodes than the one before; this one has ${describeSize(size)} after ` +
        `${describeSize(before)}.`
      : `This phase adds no node: of ${total} nodes it takes ${size.count}, as many as the phase before. ` +
        'Leave it out, or take more.';
  report(
    errorAt(spanOf(size.at), 'phase-does-not-grow', message, {
      found: describeSize(size),
      allowed: [`more than ${describeSize(before)}`],
    }),
  );
}

function describeSize({ share, count }: PhaseSize): string {
  return share === undefined ? `${count} ${count === 1 ? 'node' : 'nodes'}` : `${Number((share * 100).toFixed(4))}%`;
}

function checkVerification(outline: Outline, { place }: StageOutline, canary: Entry): void {
  const { report, root } = outline;
  const verification = entryOf(place, 'verification');
  const verifies = itemsOf(child(canary.value, 'phases')).map(phase => child(phase, 'verify'));
  const watch = child(canary.value, 'watch');
  const watches = (parseDuration(textOf(watch) ?? '') ?? 0) > 0;
  if (verification) {
    if (!child(verification.value, 'sources') && entriesOf(child(root, 'healthSources')).length === 0) {
      report(
        errorAt(
          verification.keySpan,
          'no-health-source',
          'This verification has no evidence: declare at least one health source under `healthSources:`.',
        ),
      );
    }
    if (verifies.length > 0 && verifies.every(isFalse) && !watches)
      report(
        warningAt(
          verification.keySpan,
          'unused-verification',
          'No phase of this canary verifies, so this verification is never used.',
        ),
      );
    return;
  }
  const asked = verifies.filter(one => one !== undefined && !isFalse(one));
  for (const one of asked)
    report(
      errorAt(
        spanOf(one as Place),
        'missing-verification',
        'This phase verifies, and the stage has no `verification`.',
      ),
    );
  if (watch && watches)
    report(
      errorAt(
        spanOf(watch),
        'missing-verification',
        'The canary is watched after its last phase, and the stage has no `verification`.',
      ),
    );
  if (asked.length === 0 && !watches)
    report(
      warningAt(
        canary.keySpan,
        'canary-without-verification',
        'This canary has no `verification`: nothing compares the new release with the old one.',
      ),
    );
}

/** The longest interval that the schema allows. */
const longestIntervalMs = 10 * minuteMs;

function durationAt(place: Place | undefined, fallback: string): number {
  return (place ? parseDuration(textOf(place) ?? '') : parseDuration(fallback)) ?? 0;
}

function checkTimes({ report }: Outline, stage: Place, canary: Entry): void {
  const verification = child(stage, 'verification');
  const windowMs = durationAt(child(verification, 'duration'), defaults.verification.duration);
  const intervalMs = durationAt(child(verification, 'interval'), defaults.verification.interval);
  const interval = entryOf(verification, 'interval') ?? entryOf(verification, 'duration');
  if (interval && windowMs > 0 && intervalMs > windowMs && intervalMs <= longestIntervalMs) {
    report(
      errorAt(
        interval.value.span,
        'interval-over-duration',
        `The interval (${formatDuration(intervalMs)}) is longer than the whole verification ` +
          `(${formatDuration(windowMs)}).`,
        { allowed: [`up to ${formatDuration(windowMs)}`] },
      ),
    );
  }
  const timeout = entryOf(stage, 'timeout');
  const timeoutMs = durationAt(timeout?.value, defaults.stage.canaryTimeout);
  const phasesMs = itemsOf(child(canary.value, 'phases')).reduce(
    (sum, phase) => sum + phaseMs(phase, verification ? windowMs : 0),
    0,
  );
  const leastMs = phasesMs + durationAt(child(canary.value, 'watch'), defaults.canary.watch);
  const at: Span = timeout?.value.span ?? canary.keySpan;
  if (timeoutMs > 0 && leastMs > timeoutMs) {
    report(
      errorAt(
        at,
        'timeout-too-short',
        `The phases and the watch of this canary take ${formatDuration(leastMs)} at least; ` +
          `its timeout is ${formatDuration(timeoutMs)}. Give it a longer \`timeout\`.`,
        { found: formatDuration(timeoutMs), allowed: [`more than ${formatDuration(leastMs)}`] },
      ),
    );
  }
}

function phaseMs(phase: Place, windowMs: number): number {
  const verify = child(phase, 'verify');
  const own = child(verify, 'duration');
  const verifyMs = isFalse(verify) ? 0 : own ? durationAt(own, '0s') : windowMs;
  return verifyMs + durationAt(child(phase, 'settle'), defaults.canary.settle);
}

/** Checks the approvals between two phases, which must fit into the time limit of their stage. */
function checkApprovals(outline: Outline, stage: Place, canary: Entry): void {
  const timeoutMs = durationAt(child(stage, 'timeout'), defaults.stage.canaryTimeout);
  const phases = itemsOf(child(canary.value, 'phases'));
  for (const phase of phases) {
    const approval = entryOf(phase, 'approval');
    if (!approval) continue;
    checkApproval(outline, approval.value);
    if (phase === phases.at(-1))
      outline.report(
        errorAt(
          approval.keySpan,
          'approval-after-last-phase',
          'No phase follows this one, so there is nothing to approve. Move `approval` to the phase before, ' +
            'or add an approval stage after this one.',
        ),
      );
    const timeout = child(approval.value, 'timeout');
    const waitMs = durationAt(timeout, defaults.phaseApproval.timeout);
    if (timeoutMs > 0 && waitMs >= timeoutMs)
      outline.report(
        errorAt(
          timeout ? spanOf(timeout) : approval.keySpan,
          'timeout-too-short',
          `This approval may wait ${formatDuration(waitMs)}, and its stage ends after ${formatDuration(timeoutMs)}. ` +
            'Give the stage a longer `timeout`.',
          { found: formatDuration(waitMs), allowed: [`less than ${formatDuration(timeoutMs)}`] },
        ),
      );
  }
}
