// Counts records by their group, the rank of their level and their logger.
import type { Role, Severity } from '../../../model/evidence/evidence.ts';
import type { LoggedTally } from './clusters.ts';
import type { LineIds } from './lineIds.ts';
import { rankOf } from '../settings.ts';
import type { Intake } from '../record/intake.ts';
import { firstLine, type OpenRecord } from '../record/records.ts';
import type { Shape } from '../record/shapes.ts';
import { isException } from '../template/recognition.ts';
import { severityOfRecord } from '../text/severity.ts';
import { createTallies, type Tallies } from './tallies.ts';
import { addSample, count, wantsSample, type Tally } from './tally.ts';
import type { Group } from '../template/templates.ts';

/** A line without its text, which is not kept. */
export interface Member {
  readonly role: Role;
  readonly node: string;
  readonly atMs: number;
  /** What the ids know it by. */
  readonly entry: number | undefined;
  /** The request that it belongs to, where it bears an id of one. */
  request?: number | undefined;
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

interface Counted {
  readonly logged: LoggedTally;
  readonly severity: Severity;
}

const mostShapes = 1 << 16;
const firstOpen = 1 << 28;

export function createRecordCounter(intake: Intake<Member>, ids: LineIds): RecordCounter {
  /** Those of records that are closed, and those of the last look's open ones. */
  const closed = createTallies(0);
  let open = createTallies(firstOpen);
  /** What records of one line count as, by their shape. */
  const ofShape = new Map<Shape, Counted>();

  function countRecord(record: OpenRecord<Member>, group: Group, into: Tallies): void {
    const { first, others, more } = record,
      { logged, severity } = countedAs(record, group, into),
      { tally, number } = logged;
    count(tally, first, severity);
    if (wantsSample(tally, first.role))
      addSample(tally, first.role, more ? [firstLine(record), ...more].join('\n') : firstLine(record));
    if (first.entry !== undefined) ids.set(first.entry, number);
    if (others) for (const { entry } of others) if (entry !== undefined) ids.set(entry, number);
  }

  function countedAs(record: OpenRecord<Member>, group: Group, into: Tallies): Counted {
    const { more, shape } = record,
      { level } = shape;
    const isKnown = more === undefined && into === closed && shape.logger !== undefined && !shape.isEmpty;
    const known = isKnown ? ofShape.get(shape) : undefined;
    if (known) return known;
    const logged = into.of(group, intake.loggerOf(record), rankOf(level));
    // Lines of one template have the words that tell its severity in common: they are looked for once.
    let severity = logged.severities.get(level);
    if (severity === undefined) {
      severity = severityOfRecord(level, intake.messageOf(record), more ?? [], isException(group));
      logged.severities.set(level, severity);
    }
    const counted: Counted = { logged, severity };
    if (isKnown) {
      if (ofShape.size >= mostShapes) ofShape.clear();
      ofShape.set(shape, counted);
    }
    return counted;
  }

  return {
    count: (record, group) => countRecord(record, group, closed),
    countAll() {
      const opened = (open = createTallies(firstOpen));
      intake.peek((record, group) => countRecord(record, group, opened));
      return [...closed.all(), ...opened.all()];
    },
    tallyFor: (group, className, severity) => closed.of(group, { className, codeLine: '' }, rankOf(severity)).tally,
    tallyOf: number => (number >= firstOpen ? open.numbered[number - firstOpen] : closed.numbered[number])?.tally,
  };
}
