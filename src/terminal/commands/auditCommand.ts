// `backstop audit`: lists who decided what, and checks whether the store was changed afterwards.
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { joinParts, formatMoment } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { done, jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatus } from '../exitStatus.ts';

const runsListed = 20;

export const audit: Command = {
  name: 'audit',
  group: 'Look back',
  summary: 'Lists who decided and approved what. With --verify, checks that the history was not changed.',
  usage: '[--verify] [--json]',
  details: [
    `Without --verify, it lists the decisions, answers and resumptions of the latest ${runsListed} runs.`,
    'With --verify, it checks the hash chains of all runs and of the ledger, the digests of releases and ' +
      'configuration files, and the copies in the journals next to the store. It detects changes, but someone who ' +
      'can write all of these files can hide a change, unless you keep the head of the chain elsewhere.',
  ],
  positional: { name: '', minimum: 0, maximum: 0 },
  options: { verify: { type: 'boolean', text: 'Checks the history instead of listing it.' }, ...jsonOption },
  statuses: {
    0: 'listed, or nothing was changed',
    1: 'something was changed, removed or inserted',
    3: 'the store cannot be read',
  },
  examples: ['backstop audit --verify', 'backstop audit --json'],
  async run({ engine, given, output, dependencies: { store } }) {
    if (given.flag('verify')) {
      const tools = await store();
      if (!tools.ok) return tools;
      const audited = tools.value.audit();
      if (!audited.ok) return audited;
      const { findings, runs, events, ledgerEntries, releases, head } = audited.value;
      if (given.flag('json')) output.json(audited.value);
      else {
        for (const finding of findings) output.line([{ tone: 'bad', text: plainLine(finding, 400) }]);
        output.line([
          findings.length === 0 ? 'Nothing was changed.' : `Findings: ${findings.length}.`,
          ` Checked: runs ${runs}, events ${events}, ledger entries ${ledgerEntries}, releases ${releases}.`,
        ]);
        if (head !== undefined) output.line([`Head of the ledger's chain: ${head}`]);
      }
      return done(findings.length === 0 ? exitStatus.good : exitStatus.bad);
    }
    const opened = await engine();
    if (!opened.ok) return opened;
    const { history } = opened.value;
    for (const run of history.runs({ limit: runsListed }))
      for (const event of history.events(run.id)) {
        const text = describe(event);
        if (text === undefined) continue;
        if (given.flag('json')) output.json({ run: run.number, event });
        else output.line([`${formatMoment(event.at)}  #${run.number}  ${plainLine(text, 300)}`]);
      }
    return done(exitStatus.good);
  },
};

/** Undefined for events that are not a person's decision. */
function describe(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'run-started':
      return `${event.by.name} started ${event.pipeline}, ${event.artifact.version}`;
    case 'run-resumed':
      return `${event.by.name} took the run up`;
    case 'decided':
      return joinParts(
        [`${event.by.name} decided in ${event.stage}: ${event.decision}`, event.comment && `(${event.comment})`],
        ' ',
      );
    case 'answered':
      return joinParts([
        `${event.answer.by.name} answered: ${event.answer.type}`,
        event.refused && `which does not count: ${event.refused}`,
      ]);
    case 'verification-skipped':
      return `${event.by.name} skipped a verification: ${event.why}`;
    case 'cancel-asked':
      return `${event.by.name} cancelled`;
    case 'ledger-recorded':
      return `${event.release.slice(0, 12)} stands in ${event.environment} as ${event.standing}`;
    case 'run-finished':
      return `ended: ${event.outcome}`;
    default:
      return undefined;
  }
}
