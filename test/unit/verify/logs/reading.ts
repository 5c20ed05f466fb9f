// What the intake makes of lines, told in plain values for the tests of reading.
import type { Severity } from '../../../../src/model/evidence/evidence.ts';
import { createIntake, type Intake } from '../../../../src/verify/logs/record/intake.ts';
import { describe, isException } from '../../../../src/verify/logs/template/recognition.ts';
import { severityOfRecord } from '../../../../src/verify/logs/text/severity.ts';

export interface ReadRecord {
  readonly template: string;
  readonly severity: Severity;
  readonly logger: string;
  /** How many physical lines it holds. */
  readonly lines: number;
}

/**
 * The records in the physical lines of one stream. `sample`: the lines from which the layout is learned, if not the
 * same.
 */
export function readLines(lines: readonly string[], sample: readonly string[] = lines): ReadRecord[] {
  return read(lines, sample).records;
}

/** The same, with the intake that read them. */
export function read(
  lines: readonly string[],
  sample: readonly string[] = lines,
): { readonly records: ReadRecord[]; readonly intake: Intake<number> } {
  const records: { readonly first: number; readonly record: ReadRecord }[] = [];
  const intake = createIntake<number>(sample, (record, group) => {
    records.push({
      first: record.first,
      record: {
        template: describe(intake.recognizer.root(group)),
        severity: severityOfRecord(record.shape.level, intake.messageOf(record), record.more ?? [], isException(group)),
        logger: intake.loggerOf(record).className,
        lines: 1 + (record.others?.length ?? 0),
      },
    });
  });
  const bytes = new TextEncoder().encode(lines.map(line => `${line}\n`).join(''));
  let next = 0;
  intake.takeLines(intake.open(), bytes, 0, bytes.length, () => next++);
  intake.flush();
  return { records: records.sort((one, other) => one.first - other.first).map(({ record }) => record), intake };
}
