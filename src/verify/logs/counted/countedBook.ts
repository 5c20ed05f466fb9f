// The book of lines that a source counted itself: the sample of each of its groups is read as a line is, and stands for
// all of them. So what belongs together is decided here, by the text alone, and what was learned from lines is known.
import type { CountedPart, CountedSide, CountedWindow } from '../../../model/evidence/counts.ts';
import type { Role, Severity } from '../../../model/evidence/evidence.ts';
import { takeKept, type Book, type BookSettings } from '../count/book.ts';
import { collectClusters } from '../count/clusters.ts';
import { resolveLearned, seedLearned } from '../count/learned.ts';
import { createTallies, type Tallies } from '../count/tallies.ts';
import { addSample, wantsSample, type Tally } from '../count/tally.ts';
import { noLogger } from '../header/loggerClass.ts';
import { createIntake, type Intake } from '../record/intake.ts';
import { firstLine, type OpenRecord } from '../record/records.ts';
import { rankOf } from '../settings.ts';
import { isException } from '../template/recognition.ts';
import type { Group } from '../template/templates.ts';
import { severityOfRecord } from '../text/severity.ts';
import { createValueReader } from '../text/namedValues.ts';
import { createSliceTimeline } from './sliceTimeline.ts';

/** A book that is complete: no line can be added to it. */
export type CountedBook = Omit<Book, 'take' | 'tallyOf'>;

type Facts = Pick<Book, 'lines' | 'nodes' | 'spans'>;

/** A side of a group, which its sample stands for. */
interface Counted {
  readonly role: Role;
  readonly sliceMs: number;
  readonly side: CountedSide;
}

export function createCountedBook(settings: BookSettings, windows: readonly CountedWindow[]): CountedBook {
  const { learned, earlier, values } = settings;
  const told = windows.filter(({ part }) => part === 'sides' || !earlier);
  const counted = told
    .flatMap(window => sidesOf(window, widestOf(told, window.part)))
    .filter(({ side }) => side.lines > 0 && side.sample !== undefined);
  const samples = counted.map(({ side }) => side.sample!);
  const facts = emptyFacts(),
    tallies = createTallies(0);
  const intake: Intake<Counted> = createIntake(
    samples,
    (record, group) => countRecord(record, group, intake, tallies),
    values && { values: createValueReader(values) },
  );
  const seeded = seedLearned(learned, intake.recognizer);
  if (earlier)
    takeKept(earlier, facts, ({ template, logger, severity }) => {
      const group = intake.recognizer.groupOfTemplate(template);
      return tallies.of(group, { ...noLogger, className: logger }, rankOf(severity)).tally;
    });
  counted.forEach((one, i) => {
    addToFacts(facts, one);
    intake.take(intake.open(), samples[i]!, one);
  });
  intake.flush();
  return {
    ...facts,
    unread: intake.unread,
    collect() {
      const { recognizer } = intake,
        seen = tallies.all();
      const roots = new Set(seen.map(({ group }) => recognizer.root(group)));
      return collectClusters(seen, recognizer, seeded, resolveLearned(seeded, recognizer, [...roots]));
    },
  };
}

/** Of all windows, one of which may have wider slices than another. */
function widestOf(windows: readonly CountedWindow[], part: CountedPart): number {
  return Math.max(...windows.filter(window => window.part === part).map(({ sliceMs }) => sliceMs));
}

function sidesOf({ part, groups }: CountedWindow, sliceMs: number): readonly Counted[] {
  return groups.flatMap(({ canary, baseline }) => [
    { role: part === 'sides' ? ('canary' as const) : ('before' as const), sliceMs, side: canary },
    { role: part === 'sides' ? ('baseline' as const) : ('before' as const), sliceMs, side: baseline },
  ]);
}

function emptyFacts(): Facts {
  const emptySpan = () => ({ fromMs: Infinity, toMs: -Infinity });
  return {
    lines: { canary: 0, baseline: 0, before: 0 },
    nodes: { canary: new Set(), baseline: new Set(), before: new Set() },
    spans: { canary: emptySpan(), baseline: emptySpan(), before: emptySpan() },
  };
}

function addToFacts({ lines, nodes, spans }: Facts, { role, sliceMs, side }: Counted): void {
  lines[role] += side.lines;
  for (const node of Object.keys(side.nodes)) nodes[role].add(node);
  for (const [atMs] of side.slices) {
    spans[role].fromMs = Math.min(spans[role].fromMs, atMs);
    spans[role].toMs = Math.max(spans[role].toMs, atMs + sliceMs - 1);
  }
}

/** As a record of one line counts, so many times. */
function countRecord(record: OpenRecord<Counted>, group: Group, intake: Intake<Counted>, tallies: Tallies): void {
  const { first, more, lent } = record,
    { level } = record.shape,
    { role } = first;
  const { tally } = tallies.of(group, intake.loggerOf(record), rankOf(level));
  addSide(tally, first, severityOfRecord(level, intake.messageOf(record), more ?? [], isException(group), lent));
  if (wantsSample(tally, role))
    addSample(tally, role, more ? [firstLine(record), ...more].join('\n') : firstLine(record));
}

function addSide(tally: Tally, { role, sliceMs, side }: Counted, severity: Severity): void {
  const { lines, slices, nodes } = side;
  if (tally.counts[role] === 0) tally.timelines[role] = createSliceTimeline(sliceMs);
  tally.counts[role] += lines;
  tally.severities.set(severity, (tally.severities.get(severity) ?? 0) + lines);
  for (const [atMs, more] of slices) {
    tally.timelines[role].add(atMs, more);
    tally.firstMs = Math.min(tally.firstMs, atMs);
    tally.lastMs = Math.max(tally.lastMs, atMs);
  }
  for (const [node, more] of Object.entries(nodes))
    tally.nodes[role].set(node, (tally.nodes[role].get(node) ?? 0) + more);
}
