// `backstop report`: writes one run as an HTML file that works without network and editor, for archives and mails.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail } from '../../../model/failure.ts';
import { formatBytes } from '../../../model/byteSize.ts';
import { reportPage } from '../../../protocol/report/reportPage.ts';
import { snapshotStored } from '../../../protocol/snapshot/storedSnapshot.ts';
import { done, runArgument, runDetail } from '../../command.ts';
import type { Command } from '../../command.ts';
import { exitStatus } from '../../exitStatus.ts';
import { findRun } from '../../findRun.ts';

export const report: Command = {
  name: 'report',
  group: 'Look back',
  summary: 'Writes one run as an HTML file: the complete run panel, without network or editor.',
  usage: 'RUN --out FILE',
  details: [runDetail, 'For a run in progress, the report shows its current state.'],
  positional: runArgument,
  options: { out: { type: 'string', short: 'o', value: 'FILE', text: 'The file to write; - is standard output.' } },
  statuses: { 0: 'written', 3: 'no such run, or the file cannot be written' },
  examples: ['backstop report last --out report.html', 'backstop report 12 --out - > report.html'],
  async run({ engine, given, output, dependencies: { clock, cwd, panelScript } }) {
    const out = given.text('out');
    if (out === undefined)
      return fail('invalid', 'report needs a file to write to.', { hint: 'Give it with: --out report.html' });
    const opened = await engine();
    if (!opened.ok) return opened;
    const { history, feedback } = opened.value;
    const run = findRun(history, given.positionals[0] ?? 'last');
    if (!run.ok) return run;
    const script = panelScript();
    if (!script.ok) return script;
    const said = feedback();
    const made = snapshotStored(history, run.value, clock.now(), {
      entries: said.ok ? said.value : [],
      feedback: { refused: 'A report is read-only. Mark log events in the editor, or with backstop feedback.' },
    });
    if (!made) return fail('not-found', `Run #${run.value.number} has recorded nothing yet.`);
    const page = reportPage({
      title: `${run.value.service} ${run.value.version}, run #${run.value.number}`,
      snapshot: made.snapshot,
      script: script.value,
      nonce: randomBytes(16).toString('hex'),
    });
    if (out === '-') await output.raw(page);
    else {
      try {
        writeFileSync(resolve(cwd, out), page);
      } catch (error) {
        return fail('invalid', `${out} cannot be written.`, {
          cause: error instanceof Error ? error.message : String(error),
        });
      }
      output.line([`Run #${run.value.number} written to ${out}, ${formatBytes(Buffer.byteLength(page))}.`]);
    }
    return done(exitStatus.good);
  },
};
