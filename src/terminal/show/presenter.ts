// The three ways to show a run in progress: a live tree, plain lines, or JSON lines for programs.
import type { Clock } from '../../model/ports.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { RunState } from '../../model/runs/runState.ts';
import { formatDuration, formatTime } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { createTimeline, type Timeline } from '../../protocol/report/timeline.ts';
import type { TimelineRow } from '../../protocol/report/rowParts.ts';
import { actionSentence, verdictSentence } from '../../protocol/words/verdictSentence.ts';
import type { OutputStream, TerminalDependencies } from '../dependencies.ts';
import { toned } from '../screen/line.ts';
import type { Line, Tone } from '../screen/line.ts';
import { openLiveScreen } from '../screen/liveScreen.ts';
import type { LiveScreen } from '../screen/liveScreen.ts';
import { hasColor } from '../screen/output.ts';
import type { Output } from '../screen/output.ts';
import { createOutputTails, linesOf } from './outputTails.ts';
import { answersTo, drawRun, runTone } from './runTree.ts';
import type { TreeLine } from './treeLine.ts';

export interface RunPresenter {
  event(runId: string, event: RunEvent, state: RunState): void;
  output(key: string, text: string): void;
  /** A message that the user must see immediately. */
  notice(text: string): void;
  /** Shows the end, or that it was left (`detached`) or continued by another process (`taken-over`). */
  end(ending: RunEnding): void;
}
export interface RunEnding {
  readonly runId: string;
  readonly number: number;
  readonly outcome: RunState['outcome'] | 'detached' | 'taken-over';
  readonly exitStatus: number;
}

export interface PresenterSettings {
  readonly output: Output;
  readonly verbose: boolean;
  readonly numberOf: (runId: string) => number | undefined;
  /** An event that a resumed run recorded before it was resumed. */
  readonly eventsBefore: (runId: string, event: RunEvent) => readonly RunEvent[];
}

export function jsonPresenter({ output }: PresenterSettings): RunPresenter {
  return {
    event: (runId, event) => output.json({ runId, event }),
    output: () => undefined,
    notice: text => output.note([text]),
    end: ending => output.json(ending),
  };
}

export function plainPresenter({ output, verbose, numberOf, eventsBefore }: PresenterSettings): RunPresenter {
  const tails = createOutputTails();
  let timeline: Timeline | undefined;
  return {
    event(runId, event, state) {
      if (!timeline) {
        timeline = createTimeline(runId);
        for (const earlier of eventsBefore(runId, event)) timeline.add(earlier);
      }
      for (const row of timeline.add(event)) output.line(rowLine(row), 10);
      if (event.type === 'hook-finished' && event.outcome.kind === 'failed' && !verbose) {
        for (const text of tails.of(event.key)) output.line(['          | ', toned('dim', plainLine(text))], 12);
      }
      if (event.type === 'asked')
        output.line([
          `          ${answersTo(event.question.kind)
            .map(word => `backstop ${word} ${numberOf(runId) ?? 'last'}`)
            .join('   ')}`,
        ]);
      if (event.type === 'run-finished') for (const line of closingLines(state)) output.line(line);
    },
    output(key, text) {
      tails.add(key, text);
      if (verbose)
        for (const line of linesOf(text))
          output.line([toned('dim', `          ${plainLine(key, 120)} | `), plainLine(line)], 12);
    },
    notice: text => output.note([text]),
    end: ending => endNote(output, ending),
  };
}

export function livePresenter(
  settings: PresenterSettings,
  dependencies: Pick<TerminalDependencies, 'clock' | 'onExit' | 'env'> & {
    readonly stdout: OutputStream;
    readonly clock: Clock;
  },
): RunPresenter {
  const { output, verbose, numberOf } = settings;
  const { stdout, clock, onExit, env } = dependencies;
  const tails = createOutputTails();
  const notices: string[] = [];
  const recent: { readonly key: string; readonly line: string }[] = [];
  let state: RunState | undefined, screen: LiveScreen | undefined;
  const draw = (frame: number): readonly TreeLine[] => {
    if (!state) return [];
    const number = numberOf(state.runId);
    return [
      ...drawRun(state, {
        ...(number !== undefined && { number }),
        nowMs: clock.now(),
        frame,
        glyphs: output.glyphs,
        outputOf: tails.of,
      }),
      ...recent.map(({ key, line }): TreeLine => ({
        line: [toned('dim', `  ${plainLine(key, 60)} | `), plainLine(line, 400)],
        indent: 4,
      })),
      ...notices.map((text): TreeLine => ({ line: [toned('warn', text)], indent: 2 })),
    ];
  };
  return {
    event(_runId, _event, next) {
      state = next;
      screen ??= openLiveScreen(stdout, clock, onExit, {
        draw,
        color: hasColor(stdout, env),
        ascii: output.glyphs.ascii,
      });
    },
    output(key, text) {
      tails.add(key, text);
      if (verbose)
        recent.splice(0, recent.length, ...[...recent, ...linesOf(text).map(line => ({ key, line }))].slice(-8));
    },
    notice(text) {
      notices.push(text);
    },
    end(ending) {
      recent.length = 0;
      screen?.finish();
      endNote(output, ending);
    },
  };
}

/**
 * Formats `14:13:30  Production: 2 of 2 nodes run 2.13.2 again  +6.4 s`: a duration in brackets, or after a plus sign
 * the time since the decision to roll back.
 */
export function rowLine({ atMs, text, tone, level, durationMs, sinceDecisionMs }: TimelineRow): Line {
  const tones = { good: 'good', bad: 'bad', warn: 'warn', neutral: 'plain' } as const satisfies Record<
    TimelineRow['tone'],
    Tone
  >;
  const shown: Tone = level === 'detail' ? 'dim' : level === 'key' && tone === 'neutral' ? 'strong' : tones[tone];
  const took = durationMs === undefined ? '' : ` (${formatDuration(durationMs)})`;
  const since = sinceDecisionMs ? `  +${formatDuration(sinceDecisionMs)}` : '';
  return [toned('dim', `${formatTime(atMs)}  `), toned(shown, text), toned('dim', took + since)];
}

function closingLines(state: RunState): readonly Line[] {
  return [[], [toned(runTone(state), verdictSentence(state))], [actionSentence(state)]];
}

function endNote(output: Output, { outcome, number }: RunEnding): void {
  if (outcome === 'detached')
    output.line([`Left run #${number} as it is: its hook continues. Resume it with: backstop resume ${number}`]);
  else output.line([toned('dim', `Details: backstop show ${number}`)]);
}
