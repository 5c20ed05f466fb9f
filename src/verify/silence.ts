// What a check says if nodes have fallen silent: which nodes, since when, and that their earlier data is no longer
// enough to pass.
import type { ComparedCheck, Reason } from '../model/evidence/verdict.ts';
import type { Silence } from './freshness.ts';

const mostNames = 20;

/**
 * A canary that fell silent may have died, so it does not pass, and waiting does not help. Silence on both sides does
 * not count against the canary; the earlier data counts then. The more precise reason replaces the general one.
 */
export function withSilence<Checked extends ComparedCheck>(
  check: Checked,
  { side, nodes, sinceMs, eachSinceMs }: Silence,
): Checked {
  const reason: Reason = {
    code: 'silent',
    values: {
      source: check.source,
      side,
      nodes: nodes.slice(0, mostNames).join(', '),
      count: nodes.length,
      sinceMs,
      eachSinceMs: eachSinceMs
        .slice(0, mostNames)
        .map(ms => ms ?? '')
        .join(', '),
    },
  };
  const others = check.reasons.filter(({ code }) => code !== general[side]);
  if (check.outcome === 'fail' || isOnBothSides(check, side)) return { ...check, reasons: [...others, reason] };
  return {
    ...check,
    outcome: 'inconclusive',
    reasons: [reason, ...others.filter(({ code }) => !passing.includes(code))],
    neededMs: null,
  };
}

const general = { canary: 'no-canary-data', baseline: 'no-baseline-data', every: undefined } as const;
/** Reasons for a pass, which are removed if there is none. */
const passing: readonly Reason['code'][] = ['logs-clean', 'metric-in-band'];

function isOnBothSides({ comparison }: ComparedCheck, side: Silence['side']): boolean {
  return side === 'every' && comparison?.mode === 'canary';
}
