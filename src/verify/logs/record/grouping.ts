// The final group and template of every line of a text, as the analysis itself would group them.
import type { GroupedLines } from '../../../model/runs/engine.ts';
import { succeed, type Result } from '../../../model/failure.ts';
import { createIntake, sampleSize, type Intake } from './intake.ts';
import type { Stream } from './lineStream.ts';
import type { OnRecord } from './recordKeeper.ts';
import type { RulesOff } from '../template/rules.ts';
import { describe } from '../template/recognition.ts';
import type { Group } from '../template/templates.ts';

const lineFeed = 10,
  longestLine = 64 * 1024;
const decoder = new TextDecoder(),
  encoder = new TextEncoder();

/** Takes chunks of a file, cut anywhere. */
interface LineGrouper {
  take(chunk: Uint8Array): void;
  finish(): GroupedLines;
}

interface Reading {
  readonly intake: Intake<number>;
  readonly stream: Stream<number>;
}

function createLineGrouper(off?: RulesOff): LineGrouper {
  let groupOf = new Int32Array(1 << 12),
    count = 0;
  /** Whole lines that wait for enough of them to learn the layouts from. */
  let waiting: Uint8Array[] = [],
    waitingLines = 0;
  let reading: Reading | undefined;
  /** The beginning of a line whose end was not seen yet; of a line 64 kB are kept. */
  let held: Uint8Array[] = [],
    heldBytes = 0;
  let isFirst = true;

  function nextMember(): number {
    if (count === groupOf.length) {
      const larger = new Int32Array(count * 2);
      larger.set(groupOf);
      groupOf = larger;
    }
    return count++;
  }
  function begin(): Reading {
    const sample = waiting.flatMap(lines => decoder.decode(lines).split('\n').slice(0, -1)).slice(0, sampleSize);
    const note: OnRecord<number> = ({ first, others }, { id }) => {
      groupOf[first] = id;
      if (others) for (const other of others) groupOf[other] = id;
    };
    const intake = createIntake(sample, note, off && { off }),
      stream = intake.open();
    for (const lines of waiting) intake.takeLines(stream, lines, 0, lines.length, nextMember);
    waiting = [];
    return { intake, stream };
  }
  function takeLines(lines: Uint8Array): void {
    if (reading) {
      reading.intake.takeLines(reading.stream, lines, 0, lines.length, nextMember);
      return;
    }
    waiting.push(lines);
    for (let at = lines.indexOf(lineFeed); at >= 0; at = lines.indexOf(lineFeed, at + 1)) waitingLines++;
    if (waitingLines >= sampleSize) reading = begin();
  }
  function hold(part: Uint8Array): void {
    const room = longestLine - heldBytes;
    // Copied, since a view would keep the whole chunk in memory.
    if (room > 0 && part.length > 0) held.push(part.slice(0, room));
    heldBytes += Math.min(room, part.length);
  }
  function releaseHeld(): void {
    const line = new Uint8Array(heldBytes + 1);
    let at = 0;
    for (const part of held) {
      line.set(part, at);
      at += part.length;
    }
    line[at] = lineFeed;
    held = [];
    heldBytes = 0;
    takeLines(line);
  }
  return {
    take(chunk) {
      let from = 0;
      if (isFirst && chunk.length > 0) {
        isFirst = false;
        if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) from = 3;
      }
      const last = chunk.lastIndexOf(lineFeed);
      if (last >= 0) {
        if (heldBytes > 0) {
          const end = chunk.indexOf(lineFeed);
          hold(chunk.subarray(from, end));
          from = end + 1;
          releaseHeld();
        }
        if (from <= last) takeLines(chunk.subarray(from, last + 1));
        from = last + 1;
      }
      hold(chunk.subarray(from));
    },
    finish() {
      if (heldBytes > 0) releaseHeld();
      const { intake } = (reading ??= begin());
      intake.flush();
      return numberGroups(groupOf.subarray(0, count), intake);
    },
  };
}

/**
 * Groups lines by template; one entry for every line, empty ones included. A continuation line bears its record's
 * group. Bounded memory beside the result: the text of a line is not kept. `off`: rules that are not applied.
 */
export function groupLines(lines: Iterable<string>, off?: RulesOff): GroupedLines {
  const grouper = createLineGrouper(off);
  for (const line of lines) grouper.take(encoder.encode(`${line}\n`));
  return grouper.finish();
}

/** The same for the bytes of a file, in chunks that may be cut anywhere. */
export async function groupBytes(chunks: AsyncIterable<Uint8Array>): Promise<Result<GroupedLines>> {
  const grouper = createLineGrouper();
  for await (const chunk of chunks) grouper.take(chunk);
  return succeed(grouper.finish());
}

/** Groups counted from 0 in the order of their first line. Overwrites `groupOf`, which holds ids of groups. */
function numberGroups(groupOf: Int32Array, { recognizer }: Intake<number>): GroupedLines {
  const all: readonly Group[] = recognizer.groups(),
    numbers = new Int32Array(all.length).fill(-1),
    numberOf = new Int32Array(all.length).fill(-1);
  const templates: string[] = [];
  const number = (id: number): number => {
    const root = recognizer.root(all[id]!);
    if (numbers[root.id] === -1) {
      numbers[root.id] = templates.length;
      templates.push(describe(root));
    }
    return numbers[root.id]!;
  };
  for (let i = 0; i < groupOf.length; i++) {
    const id = groupOf[i]!;
    if (numberOf[id] === -1) numberOf[id] = number(id);
    groupOf[i] = numberOf[id]!;
  }
  return { groups: groupOf, templates };
}
