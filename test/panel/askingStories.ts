// A shop's canary at the moments that need a person: a question about its verification, and silence.
import type { Question, RunEvent } from '../../src/model/runs/runEvents.ts';
import type { Check, Reason, VerificationReport } from '../../src/model/evidence/verdict.ts';
import { canaryNodes, rolledBackStory, startMs } from '../unit/terminal/stories.ts';
import { logsCheck, metricChecks } from './fixtures.ts';

const key = 'Production/1/verify';
const throughVerification = rolledBackStory.slice(
  0,
  rolledBackStory.findIndex(event => event.type === 'verification-finished' && event.key === key) + 1,
);

/** The canary's verification ended with these checks, and a person is asked. */
export function askedStory(checks: readonly Check[], question: Partial<Question>): readonly RunEvent[] {
  const failed = checks.some(check => check.outcome === 'fail');
  const at = throughVerification.at(-1)?.at ?? startMs,
    seq = throughVerification.length;
  return [
    ...throughVerification.map(event =>
      event.type === 'verification-finished' && event.key === key
        ? { ...event, report: reportOf(checks, failed ? 'fail' : 'inconclusive', event.at) }
        : event,
    ),
    {
      seq,
      at,
      type: 'asked',
      question: {
        id: 'q2',
        kind: 'ask',
        stage: 'Production',
        message: 'The verification failed. Roll back, or continue?',
        approvers: [],
        minimum: 1,
        starterMayAnswer: true,
        commentRequired: false,
        deadlineMs: at + 900_000,
        otherwise: 'rollback',
        ...question,
      },
    },
  ];
}

/** The last data of the canary's nodes, in seconds after the run began. */
const silenceOf = (source: string, seconds: readonly number[]): Reason => ({
  code: 'silent',
  values: {
    source,
    side: 'canary',
    nodes: canaryNodes.join(', '),
    count: canaryNodes.length,
    sinceMs: startMs + Math.max(...seconds) * 1_000,
    eachSinceMs: seconds.map(one => startMs + one * 1_000).join(', '),
  },
});

const silentChecks: readonly Check[] = [
  logsCheck('inconclusive', 1, 0, {
    reasons: [silenceOf('Sumo Logic', [400, 398])],
    whatIf: [],
    neededMs: null,
  }),
  ...metricChecks('inconclusive', startMs + 400_000, {
    reasons: [silenceOf('New Relic', [393, 393])],
    whatIf: [],
    neededMs: null,
  }),
];

/** The canary's nodes sent nothing more after 400 s; the verification goes on. */
export const silentStory: readonly RunEvent[] = rolledBackStory
  .slice(
    0,
    rolledBackStory.findIndex(event => event.type === 'verification-finished' && event.key === key),
  )
  .map(event =>
    event.type === 'verification-started'
      ? { ...event, intervalMs: 15_000, durationMs: 600_000 }
      : event.type === 'looked'
        ? { ...event, report: reportOf(silentChecks, 'inconclusive', event.at) }
        : event,
  );

function reportOf(checks: readonly Check[], outcome: VerificationReport['outcome'], atMs: number): VerificationReport {
  return { outcome, checks, startedAtMs: startMs + 319_000, lookedAtMs: atMs, looks: 8 };
}
