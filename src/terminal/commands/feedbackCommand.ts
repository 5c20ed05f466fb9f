// `backstop feedback`: adds a reviewer's mark of a log event to the repository's feedback file, or removes it.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Engine } from '../../model/runs/engine.ts';
import { fail, succeed, type Result } from '../../model/failure.ts';
import { feedbackFile, feedbackMarks, type Feedback, type FeedbackMark } from '../../model/evidence/feedback.ts';
import type { RunSummary } from '../../model/history.ts';
import type { ClusterReport } from '../../model/evidence/verdict.ts';
import { wouldBeSentence } from '../../protocol/words/feedbackSentences.ts';
import { formatCount, formatMoment } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import type { RunSnapshot } from '../../protocol/snapshot/snapshot.ts';
import type { ClusterSnapshot } from '../../protocol/snapshot/clusterSnapshot.ts';
import { snapshotStored, wholeState } from '../../protocol/snapshot/storedSnapshot.ts';
import { latestVerification } from '../../protocol/words/latestVerification.ts';
import { markWord } from '../../protocol/words/words.ts';
import { done, jsonOption, runDetail } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { exitStatus } from '../exitStatus.ts';
import { findRun, readState } from '../findRun.ts';
import { findIdentity } from '../identity.ts';
import { toned } from '../screen/line.ts';
import type { Line } from '../screen/line.ts';
import { stagesOf } from '../../model/runs/runState.ts';
import { suggest } from '../suggest.ts';

export const feedback: Command = {
  name: 'feedback',
  group: 'Decide',
  summary: 'Marks a log event as a risk or as harmless, for this verification and all later ones.',
  usage: 'RUN [CLUSTER MARK --reason TEXT | CLUSTER undo] [--json]',
  details: [
    runDetail,
    'Without CLUSTER, it lists the log events that can be marked, with their marks. ' +
      'CLUSTER is a letter from that list, or a key.',
    `MARK is one of ${feedbackMarks.join(', ')}. It is saved in ${feedbackFile} in the current folder: ` +
      'review and commit it like code. A running verification applies it at once.',
  ],
  positional: { name: 'RUN CLUSTER MARK', minimum: 1, maximum: 3 },
  options: {
    reason: { type: 'string', value: 'TEXT', text: 'Why, for the next person who sees this log event.' },
    ...jsonOption,
  },
  statuses: { 0: 'listed, or written', 3: 'no such run or cluster, or the file cannot be changed' },
  examples: [
    'backstop feedback last',
    'backstop feedback last A not-a-risk --reason "Retried: harmless"',
    'backstop feedback last A undo',
  ],
  async run(context) {
    const {
      given,
      output,
      dependencies: { clock },
    } = context;
    const opened = await context.engine();
    if (!opened.ok) return opened;
    const engine = opened.value,
      [which = 'last', name, word] = given.positionals;
    const run = findRun(engine.history, which);
    if (!run.ok) return run;
    const said = engine.feedback();
    if (!said.ok) return said;
    const made = snapshotStored(engine.history, run.value, clock.now(), { entries: said.value });
    if (!made) return fail('not-found', `Run #${run.value.number} has recorded nothing yet.`);
    if (name === undefined) return list(context, made.snapshot, said.value);
    const shown = made.snapshot.clusters.shown.find(
      one => one.letter?.toLowerCase() === name.toLowerCase() || made.snapshots.find(one.id)?.cluster.key === name,
    );
    const cluster = shown && made.snapshots.find(shown.id)?.cluster;
    if (!cluster)
      return fail('not-found', `Run #${run.value.number} has no log event "${name}".`, {
        hint: `backstop feedback ${run.value.number} lists them.`,
      });
    if (word === undefined)
      return fail('invalid', `Which mark should ${name} have?`, {
        hint: `One of ${feedbackMarks.join(', ')}, or undo.`,
      });
    const told = await tell(context, engine, run.value, cluster, word);
    if (!told.ok) return told;
    output.line([told.value]);
    for (const line of consequence(engine, run.value)) output.line([toned('dim', line)]);
    return done(exitStatus.good);
  },
};

async function tell(
  { given, dependencies: { env, cwd } }: CommandContext,
  engine: Engine,
  run: RunSummary,
  cluster: ClusterReport,
  word: string,
): Promise<Result<string>> {
  const state = readState(engine.history, run);
  if (!state.ok) return state;
  if (!existsSync(resolve(cwd, state.value.file))) {
    return fail(
      'refused',
      `Run #${run.number} belongs to ${plainLine(state.value.file, 200)}, which is not in this folder.`,
      { hint: 'Change to the repository of its pipeline, where the marks are saved.' },
    );
  }
  const request = {
    runId: run.id,
    cluster: { key: cluster.key, template: cluster.template },
    by: await findIdentity(env, cwd),
  };
  if (word === 'undo') {
    const undone = await engine.unmark(request);
    return undone.ok ? succeed(`Removed from ${feedbackFile}.`) : undone;
  }
  const mark = feedbackMarks.find(one => one === word);
  if (!mark)
    return fail('invalid', `There is no mark "${word}".${suggest(word, [...feedbackMarks, 'undo'])}`, {
      hint: `One of ${feedbackMarks.join(', ')}, or undo.`,
    });
  const reason = given.text('reason');
  if (reason === undefined)
    return fail('invalid', 'A reason is required, for the next person who sees this log event.', {
      hint: 'Give it with: --reason TEXT',
    });
  const marked = await engine.mark({ ...request, mark, reason });
  return marked.ok
    ? succeed(
        `“${plainLine(cluster.template, 160)}” is ${markWord(mark)} from now on. Saved in ${feedbackFile}: ` +
          'review and commit it.',
      )
    : marked;
}

/**
 * The effect on the run: a run in progress is evaluated again; for an ended one, the verdict that it would have had.
 */
function consequence(engine: Engine, run: RunSummary): readonly string[] {
  if (run.outcome === undefined) return [`Run #${run.number} applies it from its next evaluation on.`];
  const state = readState(engine.history, run);
  const report = state.ok
    ? stagesOf(wholeState(engine.history, state.value))
        .flatMap(stage => latestVerification(stage) ?? [])
        .at(-1)?.report
    : undefined;
  if (!report) return [];
  const outcome = engine.reconsider(report.checks);
  return outcome === report.outcome
    ? [`Run #${run.number} has ended; its verdict would not have changed.`]
    : [wouldBeSentence(outcome)];
}

function list(
  { given, output }: CommandContext,
  { clusters }: RunSnapshot,
  entries: readonly Feedback[],
): Result<number> {
  const worth = clusters.shown.filter(({ letter, feedback: said }) => letter !== undefined || said);
  if (given.flag('json')) {
    output.json({ clusters: worth, feedback: entries });
    return done(exitStatus.good);
  }
  if (worth.length === 0) output.line(['No log event of this run is a risk.']);
  for (const cluster of worth) for (const line of linesOf(cluster)) output.line(line, 6);
  output.line([toned('dim', `${feedbackFile} has marks for ${formatCount(entries.length, 'log event')}.`)]);
  return done(exitStatus.good);
}

function linesOf({ letter = '-', kind, template, why, feedback: said }: ClusterSnapshot): readonly Line[] {
  return [
    [
      toned(kind === 'unknown' || kind === 'unexpected-frequency' ? 'bad' : 'dim', letter.padEnd(4)),
      plainLine(template, 300),
    ],
    ['    ', toned('dim', why)],
    ...(said
      ? [
          [
            '    ',
            `${sayMark(said.mark)}, by ${said.by}${said.atMs > 0 ? ` ${formatMoment(said.atMs)}` : ''}: ${said.reason}`,
          ],
        ]
      : []),
  ];
}

function sayMark(mark: FeedbackMark): string {
  return `marked as ${markWord(mark)}`;
}
