// How well lines are grouped by the statement that wrote them: every system of the folder by its messages and as raw
// lines, and TrainTicket.
import { groupLines } from '../../../src/verify/logs/record/grouping.ts';
import { findData, type BenchResult } from '../bench.ts';
import { firstSystems, readSystems, readTrainTicket, type LabelledLog } from './labelledLogs.ts';
import { attainableAccuracy, scoreGrouping, type GroupingScore } from './scoreGrouping.ts';

/** The logger is no part of a group; where the truth tells it, it is a key of its own, as it is in a verification. */
export function run(folder: string | undefined): Promise<BenchResult> {
  const systems = readSystems(findData(folder, 'loghub2k')),
    trainTicket = readTrainTicket(findData(folder, 'nezha_trainticket'));
  const messages = systems.map(log => score(log, log.messages)),
    raw = systems.map(log => score(log, log.lines));
  const half = (isFirst: boolean): GroupingScore[] =>
    raw.filter((_, i) => firstSystems.includes(systems[i]!.name) === isFirst);
  const keyed = score(trainTicket, trainTicket.messages),
    alone = score({ ...trainTicket, loggers: undefined }, trainTicket.messages);
  return Promise.resolve({
    name: 'grouping',
    figures: {
      messageAccuracy: mean(messages, 'accuracy'),
      messageF1: mean(messages, 'f1'),
      rawAccuracy: mean(raw, 'accuracy'),
      rawF1: mean(raw, 'f1'),
      rawPairwiseF1: mean(raw, 'pairwiseF1'),
      systems: systems.length,
      firstRawAccuracy: mean(half(true), 'accuracy'),
      firstRawF1: mean(half(true), 'f1'),
      laterRawAccuracy: mean(half(false), 'accuracy'),
      laterRawF1: mean(half(false), 'f1'),
      trainTicketAccuracy: keyed.accuracy,
      trainTicketF1: keyed.f1,
      trainTicketAccuracyWithoutLogger: alone.accuracy,
      trainTicketF1WithoutLogger: alone.f1,
      trainTicketAttainable: attainableAccuracy(
        trainTicket.messages.map((text, i) => `${trainTicket.loggers?.[i] ?? ''} ${text}`),
        trainTicket.statements,
      ),
      trainTicketAttainableWithoutLogger: attainableAccuracy(trainTicket.messages, trainTicket.statements),
      ...Object.fromEntries(
        systems.flatMap(({ name }, i) => [
          [`rawAccuracy${name}`, raw[i]!.accuracy],
          [`rawF1${name}`, raw[i]!.f1],
        ]),
      ),
    },
    targets: {
      messageAccuracy: { op: '>=', value: 0.96 },
      messageF1: { op: '>=', value: 0.95 },
      rawAccuracy: { op: '>=', value: 0.96 },
      rawF1: { op: '>=', value: 0.95 },
      trainTicketAccuracy: { op: '>=', value: 0.85 },
      trainTicketF1: { op: '>=', value: 0.75 },
      trainTicketAccuracyWithoutLogger: { op: '>=', value: 0.85 },
      trainTicketF1WithoutLogger: { op: '>=', value: 0.75 },
    },
    peers: {
      messageAccuracy: '0.832, Drain tuned per system',
      messageF1: '0.884, Brain in one configuration',
      rawAccuracy: '0.491',
      rawF1: '0.500',
      trainTicketAccuracyWithoutLogger: '0.528, Drain3',
      trainTicketF1WithoutLogger: '0.302, Drain3',
    },
  });
}

function score(
  { statements, loggers }: Omit<LabelledLog, 'loggers'> & { readonly loggers?: readonly string[] | undefined },
  lines: readonly string[],
): GroupingScore {
  const { groups } = groupLines(lines);
  const keys = new Map<string, number>();
  const predicted = statements.map((_, i) => {
    const key = `${groups[i]!} ${loggers?.[i] ?? ''}`,
      known = keys.get(key) ?? keys.size;
    keys.set(key, known);
    return known;
  });
  return scoreGrouping(predicted, statements);
}

function mean(scores: readonly GroupingScore[], key: keyof GroupingScore): number {
  return scores.reduce((sum, one) => sum + one[key], 0) / Math.max(1, scores.length);
}
