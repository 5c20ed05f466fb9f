// The text of the status bar: what waits for a person; otherwise what is in progress; otherwise what has just ended.
import { openQuestions, stagesOf, type RunState } from '../../model/runs/runState.ts';
import { isUnverified } from '../../model/runs/verified.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { verdictSentence, actionSentence } from '../../protocol/words/verdictSentence.ts';
import { isRollingBack } from '../runs/runFacts.ts';
import { subject } from '../notices/notices.ts';
import { noDataReason, questionReason, waitingReason } from '../../protocol/words/waitingSentences.ts';
import type { Translate } from '../../protocol/words/translate.ts';

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  readonly runId: string;
  /** True if a person should act or look. */
  readonly isWaiting: boolean;
  /** After this time, the text is no longer shown. */
  readonly untilMs?: number;
}

/** Ranks from `silent` on need a person's attention. */
const ranks = { ended: 1, running: 2, rollingBack: 3, silent: 4, waiting: 5 } as const;
const shownAfterEndMs = 10 * 60_000;

export function statusText(states: readonly RunState[], nowMs: number, t: Translate): StatusText | undefined {
  const ranked = states
    .map(state => ({ state, rank: rankOf(state, nowMs) }))
    .filter(({ rank }) => rank > 0)
    .sort((left, right) => right.rank - left.rank || right.state.startedAtMs - left.state.startedAtMs);
  const first = ranked[0]?.state;
  if (!first) return undefined;
  const { icon, words } = sayShortly(first, nowMs, t);
  const waiting = ranked.filter(({ rank }) => rank === ranks.waiting).length;
  const more = waiting > 1 ? ` (+${waiting - 1})` : '';
  return {
    text: `$(${icon}) ${subject(first)}: ${words}${more}`,
    tooltip: tooltipOf(first, nowMs),
    spoken: `Backstop, ${subject(first)}: ${words}`,
    runId: first.runId,
    isWaiting: rankOf(first, nowMs) >= ranks.silent,
    ...(first.outcome !== undefined && { untilMs: (first.finishedAtMs ?? 0) + shownAfterEndMs }),
  };
}

function tooltipOf(state: RunState, nowMs: number): string {
  const reason = waitingReason(state, nowMs) ?? noDataReason(state, nowMs);
  return reason
    ? [reason.headline, reason.detail, reason.automatic].filter(Boolean).join('\n')
    : `${verdictSentence(state)}. ${actionSentence(state)}`;
}

function rankOf(state: RunState, nowMs: number): number {
  if (state.outcome !== undefined) return nowMs - (state.finishedAtMs ?? 0) < shownAfterEndMs ? ranks.ended : 0;
  if (openQuestions(state).length) return ranks.waiting;
  if (noDataReason(state, nowMs)) return ranks.silent;
  return stagesOf(state).some(isRollingBack) ? ranks.rollingBack : ranks.running;
}

function sayShortly(state: RunState, nowMs: number, t: Translate): { readonly icon: string; readonly words: string } {
  const { outcome } = state;
  if (outcome !== undefined) {
    return {
      promoted: isUnverified(state)
        ? { icon: 'unverified', words: t('deployed, not verified') }
        : { icon: 'pass', words: t('promoted') },
      'rolled-back': { icon: 'discard', words: t('rolled back') },
      held: { icon: 'debug-pause', words: t('held') },
      failed: { icon: 'error', words: t('failed') },
      rejected: { icon: 'circle-slash', words: t('rejected') },
      cancelled: { icon: 'circle-slash', words: t('cancelled') },
      overtaken: { icon: 'circle-slash', words: t('overtaken') },
    }[outcome];
  }
  if (state.interruptedAtMs !== undefined) return { icon: 'debug-disconnect', words: t('interrupted') };
  const asked = openQuestions(state)[0];
  if (asked)
    return {
      icon: 'bell-dot',
      words: asked.question.kind === 'approval' ? t('needs approval') : questionReason(state, asked).headline,
    };
  const silence = noDataReason(state, nowMs);
  if (silence) return { icon: 'warning', words: silence.headline };
  const stages = stagesOf(state);
  if (stages.some(isRollingBack)) return { icon: 'loading~spin', words: t('rolling back') };
  const running = stages.find(stage => stage.status === 'running') ?? stages.find(stage => stage.status === 'queued');
  if (!running) return { icon: 'loading~spin', words: t('running') };
  const phase = running.phase ? ` ${running.phase.number}/${running.phase.of}` : '';
  return { icon: 'loading~spin', words: `${plainLine(running.name, 40)}${phase}` };
}
