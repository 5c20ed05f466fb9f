// The figures of `bench all` as one table in Markdown, as the README has it: what, what others reached, the target, and
// what was reached.
import { meets, type BenchResult } from './bench.ts';

/**
 * Figures as BENCH.FIGURE, of a fresh seed as BENCH fresh.FIGURE; a number in brackets at the end of a title is a note
 * of the README.
 */
export const rows: readonly (readonly [title: string, ...figures: string[]])[] = [
  ['Grouping, every system, messages: accuracy / F1 over groups', 'grouping.messageAccuracy', 'grouping.messageF1'],
  ['Grouping, raw lines', 'grouping.rawAccuracy', 'grouping.rawF1'],
  [
    'Grouping, raw lines, accuracy: the eight systems stored first / those that came later',
    'grouping.firstRawAccuracy',
    'grouping.laterRawAccuracy',
  ],
  [
    'Grouping, TrainTicket, by the text alone (1)',
    'grouping.trainTicketAccuracyWithoutLogger',
    'grouping.trainTicketF1WithoutLogger',
  ],
  [
    'Grouping, TrainTicket, with the logger as a key of its own (1)',
    'grouping.trainTicketAccuracy',
    'grouping.trainTicketF1',
  ],
  ['Canary cases, unknown: recall / precision', 'canary-logs.unknownRecall', 'canary-logs.unknownPrecision'],
  [
    'Clear changes of frequency found (2) / healthy canaries with any alarm',
    'canary-logs.frequencyRecallClear',
    'canary-logs.negativesWithAlarm',
  ],
  [
    'Canary cases of a fresh seed, every system: unknown recall / precision / clear frequency / healthy with any alarm',
    'canary-logs fresh.unknownRecall',
    'canary-logs fresh.unknownPrecision',
    'canary-logs fresh.frequencyRecallClear',
    'canary-logs fresh.negativesWithAlarm',
  ],
  [
    'Known statements with changed words: found / worst kind / healthy alarmed',
    'changed-word.found',
    'changed-word.worstKind',
    'changed-word.healthyAlarmed',
  ],
  [
    'The same of a fresh seed, every system',
    'changed-word fresh.found',
    'changed-word fresh.worstKind',
    'changed-word fresh.healthyAlarmed',
  ],
  ['Real logs split into two healthy sides: pass / hold / fail', 'real.passed', 'real.held', 'real.failed'],
  [
    'Thirty errors put into real logs: once, found or held / five times, failed',
    'injected.foundOrHeldOnce',
    'injected.failedFiveTimes',
  ],
  ['OpenStack: AUC / detection at 5 % false alarms', 'openstack.auc', 'openstack.detection'],
  [
    'Raw lines a second of one core: mixed (3) / slowest system',
    'throughput.linesPerSecond',
    'throughput.slowestSystemLinesPerSecond',
  ],
  [
    'JSON, MB a second / lines a second / lines as sources deliver them',
    'throughput.jsonMegabytesPerSecond',
    'throughput.jsonLinesPerSecond',
    'throughput.verifiedLinesPerSecond',
  ],
  ['Clusters of a mixed million', 'throughput.clusters'],
  [
    'Memory of ten million lines / growth after the first million, in MB (6)',
    'throughput.memoryMb',
    'throughput.memoryGrowthMb',
  ],
  [
    'Verdict after the last of a million lines / map of 2,000 clusters, in ms (8)',
    'canary-logs.verdictMs',
    'canary-logs.mapMs',
  ],
  [
    'Metrics, eight a deployment, evaluated continuously: false alarms in % / detection in % / median time in s',
    'metrics.syntheticFalseAlarmPercent',
    'metrics.syntheticDetectedPercent',
    'metrics.syntheticMedianSecondsToDetect',
  ],
  [
    'Fresh seed: false alarms in % / detection in % / median time in s',
    'metrics fresh.syntheticFalseAlarmPercent',
    'metrics fresh.syntheticDetectedPercent',
    'metrics fresh.syntheticMedianSecondsToDetect',
  ],
  [
    'Fresh seed, every deployment a world of its own',
    'metrics, wide fresh.syntheticFalseAlarmPercent',
    'metrics, wide fresh.syntheticDetectedPercent',
    'metrics, wide fresh.syntheticMedianSecondsToDetect',
  ],
  ['Nezha: false alarms in % / detection in %', 'metrics.nezhaFalseAlarmPercent', 'metrics.nezhaDetectedPercent'],
  ['PetShop, the same', 'metrics.petShopFalseAlarmPercent', 'metrics.petShopDetectedPercent'],
  ['NAB, the same', 'metrics.nabFalseAlarmPercent', 'metrics.nabDetectedPercent'],
  [
    "Kayenta's own cases: same answer / another, for a reason (see below) / another without / too few points",
    'metrics.kayentaAgree',
    'metrics.kayentaDisagree',
    'metrics.kayentaDifferWithoutReason',
    'metrics.kayentaTooFewPoints',
  ],
  [
    'Null series AR(0), one node against one, 200 evaluations: false alarms / power at a shift of 50 % (4)',
    'metrics.oneOnOneAr0FalseAlarms',
    'metrics.oneOnOneAr0PowerAt50',
  ],
  ['AR(.5), the same', 'metrics.oneOnOneAr5FalseAlarms', 'metrics.oneOnOneAr5PowerAt50'],
  ['AR(.8), the same', 'metrics.oneOnOneAr8FalseAlarms', 'metrics.oneOnOneAr8PowerAt50'],
  [
    'AR(.8), two nodes against four, power at a shift of 20 %',
    'metrics.twoOnFourAr8FalseAlarms',
    'metrics.twoOnFourAr8PowerAt20',
  ],
  ['Published formulas, worst relative difference', 'metrics.formulasWorstDifference'],
  [
    'Demo, 200 seeds: wrong rollbacks / healthy runs not promoted / regressions missed',
    'demo.wrongRollbacks',
    'demo.healthyNotPromoted',
    'demo.missedRegressions',
  ],
  [
    "Demo: seconds to detect / engine's own part of the rollback in ms",
    'demo.medianSecondsToDetect',
    'demo.engineOverheadMs',
  ],
];

export const heading = '| What | Others | Target | Reached |';

/** A figure that misses its target is bold. Throws where a bench does not give a figure. */
export function summarize(results: readonly BenchResult[]): string {
  return [
    heading,
    '| --- | --- | --- | --- |',
    ...rows.map(([title, ...names]) => {
      const cells = names.map(name => cellsOf(name, results));
      const columns = (['others', 'target', 'reached'] as const).map(column =>
        joinCells(cells.map(cell => cell[column])),
      );
      return `| ${[title, ...columns].join(' | ')} |`;
    }),
  ].join('\n');
}

function joinCells(texts: readonly string[]): string {
  return texts.every(text => text === '') ? '' : texts.map(text => text || '–').join(' / ');
}

function cellsOf(
  name: string,
  results: readonly BenchResult[],
): { readonly others: string; readonly target: string; readonly reached: string } {
  const [bench = '', key = ''] = name.split('.'),
    result = results.find(one => one.name.replace(/, seed \d+$/, ' fresh') === bench),
    figure = result?.figures[key],
    target = result?.targets[key];
  if (figure === undefined) throw new Error(`There is no figure ${name}.`);
  const misses = target !== undefined && !meets(figure, target);
  return {
    others: result?.peers?.[key] ?? '',
    target: target ? `${target.op} ${write(target.value)}` : '',
    reached: misses ? `**${write(figure)}**` : write(figure),
  };
}

/** Four figures of it, thousands apart; what is very small in powers of ten. */
function write(figure: number): string {
  const short = Number(figure.toPrecision(4));
  return Math.abs(short) >= 1e-4 || short === 0
    ? short.toLocaleString('en', { maximumFractionDigits: 6 })
    : String(short);
}
