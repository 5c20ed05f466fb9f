// `backstop export`, `import` and `replay`: a run as an evidence file that can be checked on another machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatBytes } from '../../../model/byteSize.ts';
import { fail, succeed, type Result } from '../../../model/failure.ts';
import { reduceRun } from '../../../model/runs/reduceRun.ts';
import type { EvidenceBundle } from '../../../model/storeTools.ts';
import { combineOutcomes } from '../../../model/evidence/verdict.ts';
import { plainLine } from '../../../protocol/words/plainText.ts';
import { verdictSentence } from '../../../protocol/words/verdictSentence.ts';
import { done, jsonOption, runArgument, runDetail } from '../../command.ts';
import type { Command } from '../../command.ts';
import { exitStatus, statusOfRun } from '../../exitStatus.ts';
import { findRun } from '../../findRun.ts';

const withoutDetail =
  'It does not contain log lines beyond the samples of a report, raw responses of sources, the content of ' +
  'configuration files, or the output of hooks.';
const largestBundleBytes = 512 * 1024 * 1024;

export const exportCommand: Command = {
  name: 'export',
  group: 'Look back',
  summary: 'Exports one run as a redacted evidence bundle: events, queries, evaluated data, verdicts and hashes.',
  usage: 'RUN --out FILE',
  details: [runDetail, withoutDetail],
  positional: runArgument,
  options: { out: { type: 'string', short: 'o', value: 'FILE', text: 'The file to write; - is standard output.' } },
  statuses: { 0: 'written', 3: 'no such run, or the file cannot be written' },
  examples: ['backstop export last --out run.evidence.json'],
  async run({ engine, given, output, dependencies: { cwd, store } }) {
    const out = given.text('out');
    if (out === undefined)
      return fail('invalid', 'export needs a file to write.', { hint: 'Give it with: --out run.evidence.json' });
    const opened = await engine();
    if (!opened.ok) return opened;
    const run = findRun(opened.value.history, given.positionals[0] ?? 'last');
    if (!run.ok) return run;
    const tools = await store();
    if (!tools.ok) return tools;
    const bundle = tools.value.exportRun(run.value);
    if (!bundle.ok) return bundle;
    const text = `${JSON.stringify(bundle.value)}\n`;
    if (out === '-') {
      await output.raw(text);
      return done(exitStatus.good);
    }
    try {
      writeFileSync(resolve(cwd, out), text);
    } catch (error) {
      return fail('invalid', `${out} cannot be written.`, {
        cause: error instanceof Error ? error.message : String(error),
      });
    }
    const size = formatBytes(Buffer.byteLength(text));
    output.line([`Run #${run.value.number} written to ${out}, ${size}, digest ${bundle.value.digest}.`]);
    output.line([`Not included: ${bundle.value.without.join('; ')}.`]);
    return done(exitStatus.good);
  },
};

export const importCommand: Command = {
  name: 'import',
  group: 'Look back',
  summary: 'Imports an evidence bundle as a run of this machine, which can be shown like any other.',
  usage: 'FILE',
  details: [
    'A run can be imported once, after it has ended. It is never resumed, and its release never counts as working ' +
      'here.',
  ],
  positional: { name: 'FILE', minimum: 1, maximum: 1 },
  options: {},
  statuses: { 0: 'imported', 3: 'no such file, not a bundle, changed since its export, or already imported' },
  examples: ['backstop import run.evidence.json'],
  async run({ given, output, dependencies: { cwd, store } }) {
    const bundle = readBundle(cwd, given.positionals[0]!);
    if (!bundle.ok) return bundle;
    const tools = await store();
    if (!tools.ok) return tools;
    const imported = tools.value.importRun(bundle.value);
    if (!imported.ok) return imported;
    output.line([`Imported as run #${imported.value.number}. See: backstop show ${imported.value.number}`]);
    return done(exitStatus.good);
  },
};

export const replayCommand: Command = {
  name: 'replay',
  group: 'Look back',
  summary: 'Derives the verdicts from an evidence bundle again, and compares them with the decisions of the run.',
  usage: 'FILE [--json]',
  details: [
    'It checks the digest and the chain of events, computes the state of the run from its events again, ' +
      'and combines the checks of every verification again.',
    'The statistics are not computed again, since the bundle does not contain the data for them.',
  ],
  positional: { name: 'FILE', minimum: 1, maximum: 1 },
  options: jsonOption,
  statuses: {
    0: 'promoted, and all verdicts are the same',
    1: 'the run failed or was rolled back, or a verdict differs',
    2: 'held',
    3: 'not a bundle, or changed since its export',
  },
  examples: ['backstop replay run.evidence.json'],
  async run({ given, output, dependencies: { cwd, store } }) {
    const bundle = readBundle(cwd, given.positionals[0]!);
    if (!bundle.ok) return bundle;
    const tools = await store();
    if (!tools.ok) return tools;
    const wrong = tools.value.checkBundle(bundle.value);
    if (wrong !== undefined) return fail('invalid', `The bundle cannot be trusted: ${wrong}.`);
    const { run, events } = bundle.value;
    const state = reduceRun(run.id, events);
    if (!state) return fail('invalid', 'The bundle has no beginning of a run.');
    const verifications = events.flatMap(event =>
      event.type === 'verification-finished'
        ? [
            {
              key: event.key,
              judged: event.report.outcome,
              again: combineOutcomes(event.report.checks.map(check => check.outcome)),
              failure: event.report.failure,
            },
          ]
        : [],
    );
    const differ = verifications.filter(({ judged, again, failure }) => judged !== again && failure === undefined);
    const status = differ.length > 0 || state.outcome !== run.outcome ? exitStatus.bad : statusOfRun(state.outcome);
    if (given.flag('json'))
      output.json({
        verdict: verdictSentence(state),
        outcome: state.outcome,
        verifications,
        same: differ.length === 0 && state.outcome === run.outcome,
      });
    else {
      output.line([verdictSentence(state)]);
      for (const { key, judged, again } of verifications)
        output.line([`${plainLine(key, 120)}: judged ${judged}, from its checks again ${again}.`]);
      output.line([`Not included: ${bundle.value.without.map(one => plainLine(one, 200)).join('; ')}.`]);
    }
    return done(status);
  },
};

function readBundle(cwd: string, path: string): Result<EvidenceBundle> {
  try {
    const text = readFileSync(resolve(cwd, path), 'utf8');
    if (text.length > largestBundleBytes) return fail('invalid', `${path} is too large for a bundle of evidence.`);
    const bundle = JSON.parse(text) as Partial<EvidenceBundle> | null;
    if (bundle?.run && Array.isArray(bundle.events) && Array.isArray(bundle.hashes) && Array.isArray(bundle.without))
      return succeed(bundle as EvidenceBundle);
    return fail('invalid', `${path} is not a bundle of evidence.`, { hint: 'backstop export writes one.' });
  } catch (error) {
    return fail('invalid', `${path} cannot be read as a bundle of evidence.`, {
      cause: error instanceof Error ? error.message : String(error),
    });
  }
}
