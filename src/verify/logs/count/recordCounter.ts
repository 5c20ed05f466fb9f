// Counts records by their group, the rank of their level and their logger.
import type { Severity } from '../../../model/evidence/evidence.ts';
import type { LoggedTally } from './clusters.ts';
import type { Logger } from '../header/loggerClass.ts';
import type { LineIds } from './lineIds.ts';
import { countLine, createLiveCounts, type LiveLine } from './liveCounts.ts';
import { rankOf } from '../settings.ts';
import type { Intake } from '../record/intake.ts';
import { firstLine, type OpenRecord } from '../record/records.ts';
import type { Shape } from '../record/shapes.ts';
import { isException } from '../template/recognition.ts';
import { severityOfRecord } from '../text/severity.ts';
import { countsNone } from '../text/troubleWords.ts';
import { createTallies } from './tallies.ts';
import { addSample, wantsSample, type Tally } from './tally.ts';
import type { Group } from '../template/templates.ts';

/** A line without its text, which is not kept. */
export interface Member extends LiveLine {
  /** What the ids know it by. */
  readonly entry: number;
}

export interface RecordCounter {
  /** Counts a record that is closed. */
  count(record: OpenRecord<Member>, group: Group): void;
  /** Tallies of all records. What may still go on counts as it is now, and again as a whole at the next look. */
  countAll(): readonly LoggedTally[];
  /** The tally of the lines of a group of this class of code and this severity, as they are counted. */
  tallyFor(group: Group, className: string, severity: Severity): Tally;
  /** The tally that ids have as their value. */
  tallyOf(number: number): Tally | undefined;
}

/** What records of one line count as. */
interface Counted {
  /** The shape of these lines, and the logger of the latest. */
  readonly shape: Shape;
  readonly logger: Logger;
  readonly severity: Severity;
  readonly number: number;
}

const firstOpen = 1 << 28;

export function createRecordCounter(intake: Intake<Member>, ids: LineIds): RecordCounter {
  /** Those of records that are closed, and those of the last look's open ones. */
  const closed = createTallies(0),
    live = createLiveCounts(closed.numbered);
  let open = createTallies(firstOpen);

  function countClosed(record: OpenRecord<Member>, group: Group): void {
    const { first } = record,
      { severity, number } = countedAs(record, group);
    live.count(number, first, severity);
    if (live.wantsSample(number, first.node))
      addSample(closed.numbered[number]!.tally, first.node.role, textOf(record));
    setIds(record, number);
  }

  function countOpen(record: OpenRecord<Member>, group: Group): void {
    const { first, shape } = record,
      { role } = first.node,
      logged = open.of(group, intake.loggerOf(record), rankOf(shape.level)),
      { tally, number } = logged;
    countLine(tally, first, severityFor(logged, record, group));
    if (wantsSample(tally, role)) addSample(tally, role, textOf(record));
    setIds(record, number);
  }

  function setIds({ first, others }: OpenRecord<Member>, number: number): void {
    ids.set(first.entry, number);
    if (others) for (const { entry } of others) ids.set(entry, number);
  }

  /** Found at the shape itself: a table of shapes would be looked up for every line. */
  function countedAs(record: OpenRecord<Member>, group: Group): Counted {
    const { more, shape } = record,
      isPlain = more === undefined && !shape.isEmpty,
      logger = intake.loggerOf(record);
    const known = isPlain ? (shape.counted as Counted | undefined) : undefined;
    // A copy of a shape has what the first one counts as.
    if (known && known.shape === shape && known.logger === logger) return known;
    const logged = closed.of(group, logger, rankOf(shape.level)),
      severity = severityFor(logged, record, group);
    const counted: Counted = { shape, logger, severity, number: logged.number };
    if (isPlain && logged.severities.has(shape.level)) shape.counted = counted;
    return counted;
  }

  /**
   * Lines of one template have the words that tell its severity in common: they are looked for once, but for those that
   * count errors and have none.
   */
  function severityFor({ severities }: LoggedTally, record: OpenRecord<Member>, group: Group): Severity {
    const { level } = record.shape;
    let severity = severities.get(level);
    if (severity === undefined) {
      const message = intake.messageOf(record);
      severity = severityOfRecord(level, message, record.more ?? [], isException(group), record.lent);
      if (severity !== 'unknown' || !countsNone(message)) severities.set(level, severity);
    }
    return severity;
  }

  return {
    count: countClosed,
    countAll() {
      live.settle();
      open = createTallies(firstOpen);
      intake.peek(countOpen);
      return [...closed.all(), ...open.all()];
    },
    tallyFor: (group, className, severity) => closed.of(group, { className, codeLine: '' }, rankOf(severity)).tally,
    tallyOf: number => (number >= firstOpen ? open.numbered[number - firstOpen] : closed.numbered[number])?.tally,
  };
}

function textOf(record: OpenRecord<Member>): string {
  return record.more ? [firstLine(record), ...record.more].join('\n') : firstLine(record);
}
