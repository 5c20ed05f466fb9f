// The final group and template of every line of a text, as the analysis itself would group them.
import type { GroupedLines } from '../../model/engine.ts';
import { succeed, type Result } from '../../model/failure.ts';
import { createIntake, sampleSize, type Intake } from './intake.ts';
import { describe } from './recognition.ts';
import type { Group } from './templates.ts';

interface LineGrouper {
  take(line: string): void;
  finish(): GroupedLines;
}

function createLineGrouper(): LineGrouper {
  const groupOf: Group[] = [];
  const waiting: string[] = [];
  let intake: Intake<number> | undefined, count = 0;
  function begin(): Intake<number> {
    const started = createIntake<number>(waiting, ({ first, others }, group) => {
      groupOf[first] = group;
      if (others) for (const other of others) groupOf[other] = group;
    });
    for (const line of waiting) started.take('', line, count++);
    waiting.length = 0;
    return started;
  }
  return {
    take(line) {
      if (intake) intake.take('', line, count++);
      else if (waiting.push(line) >= sampleSize) intake = begin();
    },
    finish() {
      intake ??= begin();
      intake.flush();
      return numberGroups(groupOf, intake);
    },
  };
}

/**
 * Groups lines by template; one entry for every line, empty ones included. A continuation line bears its record's group.
 * Bounded memory beside the result: the text of a line is not kept.
 */
export function groupLines(lines: Iterable<string>): GroupedLines {
  const grouper = createLineGrouper();
  for (const line of lines) grouper.take(line);
  return grouper.finish();
}

/** The same for lines that come in pages. */
export async function groupLinesFrom(pages: AsyncIterable<readonly string[]>): Promise<Result<GroupedLines>> {
  const grouper = createLineGrouper();
  for await (const page of pages) for (const line of page) grouper.take(line);
  return succeed(grouper.finish());
}

/** Groups counted from 0 in the order of their first line. */
function numberGroups(groupOf: readonly Group[], { recognizer }: Intake<number>): GroupedLines {
  const numbers = new Map<Group, number>();
  const templates: string[] = [];
  const groups = groupOf.map(group => {
    const root = recognizer.root(group);
    const known = numbers.get(root);
    if (known !== undefined) return known;
    numbers.set(root, templates.length);
    templates.push(describe(root));
    return templates.length - 1;
  });
  return { groups, templates };
}
