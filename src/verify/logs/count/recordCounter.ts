// Counts records by their group, the rank of their level and their logger.
import type { Severity } from '../../../model/evidence/evidence.ts';
import type { LoggedTally } from './clusters.ts';
import type { Logger } from '../header/loggerClass.ts';
import type { LineIds } from './lineIds.ts';
import { countLive, createLiveCounts, settle, type LiveCounts, type LiveLine } from './liveCounts.ts';
import { rankOf } from '../settings.ts';
import type { Intake } from '../record/intake.ts';
import { firstLine, type OpenRecord } from '../record/records.ts';
import type { Shape } from '../record/shapes.ts';
import { isException } from '../template/recognition.ts';
import { severityOfRecord } from '../text/severity.ts';
import { createTallies, type Tallies } from './tallies.ts';
import { addSample, wantsSample, type Tally } from './tally.ts';
import type { Group } from '../template/templates.ts';

/** A line without its text, which is not kept. */
export interface Member extends LiveLine {
  /** What the ids know it by. */
  readonly entry: number | undefined;
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
  readonly live: LiveCounts;
  readonly severity: Severity;
  readonly number: number;
}

/** Tallies with what came since they were last brought up to date. */
interface Counts {
  readonly tallies: Tallies;
  readonly lives: Map<LoggedTally, LiveCounts>;
}

const firstOpen = 1 << 28;

export function createRecordCounter(intake: Intake<Member>, ids: LineIds): RecordCounter {
  /** Those of records that are closed, and those of the last look's open ones. */
  const closed = createCounts(0);
  let open = createCounts(firstOpen);

  function countRecord(record: OpenRecord<Member>, group: Group, into: Counts): void {
    const { first, others, more } = record,
      { live, severity, number } = countedAs(record, group, into);
    countLive(live, first, severity);
    const side = live[first.role];
    if (side.wantsSample && (side.wantsSample = wantsSample(live.tally, first.role)))
      addSample(live.tally, first.role, more ? [firstLine(record), ...more].join('\n') : firstLine(record));
    if (first.entry !== undefined) ids.set(first.entry, number);
    if (others) for (const { entry } of others) if (entry !== undefined) ids.set(entry, number);
  }

  /** Found at the shape itself: a table of shapes would be looked up for every line. */
  function countedAs(record: OpenRecord<Member>, group: Group, into: Counts): Counted {
    const { more, shape } = record,
      { level } = shape,
      isPlain = more === undefined && into === closed && !shape.isEmpty,
      logger = intake.loggerOf(record);
    const known = isPlain ? (shape.counted as Counted | undefined) : undefined;
    // A copy of a shape has what the first one counts as.
    if (known && known.shape === shape && known.logger === logger) return known;
    const logged = into.tallies.of(group, logger, rankOf(level));
    // Lines of one template have the words that tell its severity in common: they are looked for once.
    let severity = logged.severities.get(level);
    if (severity === undefined) {
      severity = severityOfRecord(level, intake.messageOf(record), more ?? [], isException(group));
      logged.severities.set(level, severity);
    }
    let live = into.lives.get(logged);
    if (!live) into.lives.set(logged, (live = createLiveCounts(logged.tally)));
    const counted: Counted = { shape, logger, live, severity, number: logged.number };
    if (isPlain) shape.counted = counted;
    return counted;
  }

  function allOf({ tallies, lives }: Counts): readonly LoggedTally[] {
    for (const live of lives.values()) settle(live);
    return tallies.all();
  }

  return {
    count: (record, group) => countRecord(record, group, closed),
    countAll() {
      const opened = (open = createCounts(firstOpen));
      intake.peek((record, group) => countRecord(record, group, opened));
      return [...allOf(closed), ...allOf(opened)];
    },
    tallyFor: (group, className, severity) =>
      closed.tallies.of(group, { className, codeLine: '' }, rankOf(severity)).tally,
    tallyOf: number =>
      (number >= firstOpen ? open.tallies.numbered[number - firstOpen] : closed.tallies.numbered[number])?.tally,
  };
}

function createCounts(firstNumber: number): Counts {
  return { tallies: createTallies(firstNumber), lives: new Map() };
}
