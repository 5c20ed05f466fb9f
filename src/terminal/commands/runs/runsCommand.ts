// `backstop runs`: the latest runs of this machine's store.
import type { History, RunSummary } from '../../../model/history.ts';
import { joinParts, formatDuration, formatMoment } from '../../../protocol/words/format.ts';
import { runOutcomeWord } from '../../../protocol/words/words.ts';
import { done, jsonOption } from '../../command.ts';
import type { Command } from '../../command.ts';
import { parseNumber } from '../../commandLine.ts';
import { exitStatus } from '../../exitStatus.ts';
import { findGuard } from '../../findRun.ts';
import { toneOf } from '../../show/runTree.ts';
import { table } from '../../screen/table.ts';
import type { Cell } from '../../screen/table.ts';

export const runs: Command = {
  name: 'runs',
  group: 'Look back',
  summary: 'Lists the latest runs, newest first.',
  usage: '[--limit N] [--json]',
  details: [],
  positional: { name: 'arguments', minimum: 0, maximum: 0 },
  options: {
    limit: { type: 'string', short: 'n', value: 'N', text: 'Number of runs to list.', default: '20' },
    ...jsonOption,
  },
  statuses: { 0: 'listed, even if there are none', 3: 'invalid input' },
  examples: ['backstop runs', 'backstop runs --limit 100 --json'],
  async run({ engine, given, output, dependencies: { clock } }) {
    const limit = parseNumber(given.text('limit'), '--limit', { minimum: 1, maximum: 10_000, whole: true });
    if (!limit.ok) return limit;
    const opened = await engine();
    if (!opened.ok) return opened;
    const found = opened.value.history.runs({ limit: limit.value }),
      pinned = new Set(opened.value.history.pins().map(({ runId }) => runId));
    if (given.flag('json')) output.json(found);
    else if (found.length === 0) output.line(['No runs yet. Start with: backstop run PIPELINE --version V']);
    else
      for (const line of table(
        [
          { title: 'Run', align: 'right' },
          { title: 'Pipeline' },
          { title: 'Version' },
          { title: 'Outcome' },
          { title: 'Started' },
          { title: 'Took', align: 'right' },
          { title: 'By' },
        ],
        found.map(one => {
          const { history } = opened.value;
          const atMs = interruptedAt(history, one);
          const { guard } = atMs === undefined ? {} : findGuard(history, one.id);
          const words =
            atMs === undefined
              ? undefined
              : `interrupted${guard ? `, guarded until ${formatMoment(guard.dueAtMs)}` : ''}`;
          return row(one, pinned.has(one.id), words, atMs, clock.now());
        }),
      ))
        output.line(line);
    return done(exitStatus.good);
  },
};

/** The last event of a run whose process has ended. */
function interruptedAt(history: History, { id, outcome, startedAtMs }: RunSummary): number | undefined {
  return outcome !== undefined || history.isRunning(id) ? undefined : (history.events(id).at(-1)?.at ?? startedAtMs);
}

function row(
  run: RunSummary,
  isPinned: boolean,
  interrupted: string | undefined,
  interruptedAtMs: number | undefined,
  nowMs: number,
): readonly Cell[] {
  const { number, pipeline, version, outcome, startedAtMs, finishedAtMs, by } = run;
  const ending = interrupted ?? (outcome === undefined ? 'not ended' : runOutcomeWord(outcome));
  return [
    `#${number}`,
    pipeline,
    version,
    {
      text: joinParts([ending, isPinned && 'pinned']),
      tone: interruptedAtMs === undefined ? toneOf(run) : 'warn',
    },
    formatMoment(startedAtMs),
    formatDuration((finishedAtMs ?? interruptedAtMs ?? nowMs) - startedAtMs),
    by.name,
  ];
}
