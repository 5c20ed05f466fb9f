// `backstop verify`: compares two log files without a pipeline, and reports what the baseline does not contain.
import { fail } from '../../model/failure.ts';
import type { Sensitivity } from '../../model/pipeline.ts';
import type { LogsCheck } from '../../model/evidence/verdict.ts';
import { checkSentence } from '../../protocol/words/sentences.ts';
import { reasonSentence } from '../../protocol/words/reasonSentences.ts';
import { done, jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { parseNumber } from '../commandLine.ts';
import { statusOfVerdict } from '../exitStatus.ts';
import { outcomeMark } from '../screen/glyphs.ts';
import { toned } from '../screen/line.ts';
import { readSafely } from '../readSafely.ts';
import { clusterLines } from '../show/runReport.ts';

export const verify: Command = {
  name: 'verify',
  group: 'Analyse logs',
  summary: 'Compares the log file of a canary with that of a baseline; needs no pipeline.',
  usage:
    '--baseline-logs A --canary-logs B [--sensitivity low|medium|high] [--traffic-ratio R] ' +
    '[--watch-value NAME] [--json]',
  details: [
    'The check fails for log events that only the canary has, or that are far more frequent on it than its traffic ' +
      'explains.',
  ],
  positional: { name: 'arguments', minimum: 0, maximum: 0 },
  options: {
    'baseline-logs': { type: 'string', value: 'A', text: 'Log file of the release that is known to be good.' },
    'canary-logs': { type: 'string', value: 'B', text: 'Log file of the release to check.' },
    sensitivity: {
      type: 'string',
      allowed: ['low', 'medium', 'high'],
      text: 'How easily the check fails.',
      default: 'medium',
    },
    'traffic-ratio': {
      type: 'string',
      value: 'R',
      text: 'Canary traffic divided by baseline traffic: 0.25 if two nodes are compared with eight.',
      default: '1',
    },
    'watch-value': {
      type: 'string',
      multiple: true,
      value: 'NAME',
      text: 'The words before a value that matters, such as `exit code`: a new value counts as a new log event.',
    },
    'ignore-value': {
      type: 'string',
      multiple: true,
      value: 'NAME',
      text: 'The words before a value that never matters, such as `tenant`.',
    },
    ...jsonOption,
  },
  statuses: {
    0: 'pass',
    1: 'fail',
    2: 'inconclusive',
    3: 'invalid input, such as a file that is missing or is not text',
  },
  examples: [
    'backstop verify --baseline-logs old.log --canary-logs new.log',
    'backstop verify --baseline-logs old.log --canary-logs new.log --traffic-ratio 0.25 --json',
  ],
  async run({ given, output, dependencies: { files, logAnalysis } }) {
    const [baselinePath, canaryPath] = [given.text('baseline-logs'), given.text('canary-logs')];
    if (baselinePath === undefined || canaryPath === undefined)
      return fail('invalid', `${baselinePath === undefined ? '--baseline-logs' : '--canary-logs'} is required.`, {
        hint: 'See: backstop verify --help',
      });
    const trafficRatio = parseNumber(given.text('traffic-ratio'), '--traffic-ratio', { minimum: 1e-6, maximum: 1e6 });
    if (!trafficRatio.ok) return trafficRatio;
    const baseline = await files.openLogFile(baselinePath, 'baseline');
    if (!baseline.ok) return baseline;
    const canary = await files.openLogFile(canaryPath, 'canary');
    if (!canary.ok) return canary;
    const analysis = await logAnalysis();
    if (!analysis.ok) return analysis;
    const check = await readSafely(`${baselinePath} and ${canaryPath}`, () =>
      analysis.value.compareLogs({
        baseline: baseline.value,
        canary: canary.value,
        sensitivity: (given.text('sensitivity') ?? 'medium') as Sensitivity,
        trafficRatio: trafficRatio.value,
        values: { watch: given.list('watch-value'), ignore: given.list('ignore-value') },
      }),
    );
    if (!check.ok) return check;
    if (given.flag('json')) output.json(machineForm(check.value));
    else {
      const mark = outcomeMark(check.value.outcome, output.glyphs);
      output.line([toned(mark.tone, `${mark.text} ${check.value.outcome}`), `: ${checkSentence(check.value)}`]);
      for (const { line, indent } of clusterLines(check.value)) output.line(line, indent);
    }
    return done(statusOfVerdict(check.value.outcome));
  },
};

/** Do not change this format: benchmarks and scripts read it. */
function machineForm({ outcome, reasons, clusters }: LogsCheck): object {
  return {
    verdict: outcome,
    reasons: reasons.map(reason => ({ ...reason, sentence: reasonSentence(reason) })),
    clusters: clusters.map(({ class: kind, template, severity, baselineCount, canaryCount, direction }) => ({
      class: kind,
      template,
      severity,
      baselineCount,
      canaryCount,
      ...(direction && { direction }),
    })),
  };
}
