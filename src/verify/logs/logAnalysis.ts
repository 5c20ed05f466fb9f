// One verification's logs: lines in, at any moment a check out. Baseline, before and canary share one template state.
import type { KeptLogs, LearnedEvents, LogLine, Role } from '../../model/evidence/evidence.ts';
import type { Feedback } from '../../model/evidence/feedback.ts';
import type { Sensitivity } from '../../model/pipeline.ts';
import type { LogsCheck } from '../../model/evidence/verdict.ts';
import type { Exposure } from './judge/assessment.ts';
import type { CountedWindow } from '../../model/evidence/counts.ts';
import { createBook, type Book, type BookSettings, type LineOrigin } from './count/book.ts';
import type { Cluster } from './count/clusters.ts';
import { sampleSize } from './record/intake.ts';
import { createCountedBook, type CountedBook } from './counted/countedBook.ts';
import { keepLogs } from './count/keptLogs.ts';
import { mergeLearned } from './count/learned.ts';
import { createLineIds, seen, type LineIds } from './count/lineIds.ts';
import { severityOf, sortByStanding } from './judge/expectations.ts';
import { hasReference as hasReferenceIn } from './judge/judgement.ts';
import { createMeasures } from './judge/measures.ts';
import { writeCheck } from './judge/logsCheck.ts';
import { readMarks } from './count/marks.ts';

export interface LogSettings extends BookSettings {
  readonly sensitivity: Sensitivity;
  /** Canary traffic over baseline traffic, all nodes together. */
  readonly trafficRatio: number;
  readonly feedback?: readonly Feedback[];
  /** Of the canary: what it teaches is remembered by it. */
  readonly version?: string;
  /** `previous`: no concurrent baseline node is left; compare with `before` and what was learned. */
  readonly baselineKind: 'existing' | 'fresh' | 'previous';
}

export interface AssessmentMoment {
  readonly name: string;
  readonly source: string;
  readonly atMs: number;
  readonly canarySinceMs: number;
  /** Least time of canary evidence before a pass may be said. */
  readonly minimumMs: number;
  /** As it was measured; absent: that of the settings. */
  readonly trafficRatio?: number;
  /** Part of the lines that was read since the canary began, and of the time that it is compared with; absent: all. */
  readonly shares?: Shares;
}

export interface Shares {
  readonly canary: number;
  readonly before: number;
}

export interface LogAnalysis {
  /** Lines of one call may come in any order; ids already seen are ignored. */
  add(lines: readonly LogLine[], role: Role): void;
  /** Replaces all that was added and counted: from then on only what the source itself counts is compared. */
  replaceByCounts(windows: readonly CountedWindow[]): void;
  /** Replaces what reviewers said; the next check heeds it. */
  setFeedback(entries: readonly Feedback[]): void;
  assess(at: AssessmentMoment): LogsCheck;
  /** What was known plus this good deployment. */
  learn(): LearnedEvents;
  /** What the canary logged until the last check, for a later run to be compared with. */
  keep(): KeptLogs;
  /**
   * Key of the cluster that the line with this id belongs to, as the last check reported it; undefined for a line not
   * seen.
   */
  clusterOf(lineId: string): string | undefined;
}

export function createLogAnalysis(settings: LogSettings): LogAnalysis {
  const ids = createLineIds(),
    entries = new Int32Array(linesAtOnce);
  let pages = createPages(settings, ids),
    counted: CountedBook | undefined;
  let clusters: readonly Cluster[] = [],
    canaryMs = 0,
    sinceMs = 0,
    latestMs = 0,
    shares: Shares | undefined,
    marks = readMarks(settings.feedback ?? []);

  const bookNow = (): CountedBook => counted ?? pages.upToDate();

  function collect(book: CountedBook): readonly Cluster[] {
    return book.collect().map(cluster => {
      const mark = marks.of(cluster);
      return { ...cluster, severity: severityOf(cluster, mark), ...(mark && { mark }) };
    });
  }

  return {
    add(lines, role) {
      const ordered = inTimeOrder(lines);
      for (let from = 0, end = 0; from < ordered.length; from = end) {
        end = ids.enter(ordered, from, entries);
        for (let i = from; i < end; i++) {
          const entry = entries[i - from]!,
            { node, atMs, text } = ordered[i]!;
          if (entry !== seen) pages.take(text, { role, node, atMs, entry });
        }
      }
    },
    replaceByCounts(windows) {
      counted = createCountedBook(settings, windows);
      pages = createPages(settings, ids);
    },
    setFeedback(entries) {
      marks = readMarks(entries);
    },
    assess(at) {
      const book = bookNow();
      clusters = collect(book);
      canaryMs = Math.max(0, at.atMs - at.canarySinceMs);
      sinceMs = at.canarySinceMs;
      latestMs = at.atMs;
      shares = at.shares;
      return checkOf(settings, at, book, clusters);
    },
    learn() {
      const book = bookNow(),
        all = collect(book),
        { nodes, spans } = book,
        role = nodes.canary.size > 0 ? 'canary' : 'before';
      const seenMs = role === 'canary' ? canaryMs : Math.max(0, spans.before.toMs - spans.before.fromMs);
      return mergeLearned(settings.learned, all, {
        version: settings.version,
        atMs: Math.max(latestMs, spans[role].toMs),
        role,
        nodeMinutes: (nodes[role].size * seenMs * (shares?.[role] ?? 1)) / minuteMs,
      });
    },
    keep() {
      const book = bookNow();
      const kept = keepLogs(collect(book), { canarySinceMs: sinceMs, canaryMs, nodes: book.nodes.canary.size });
      return shares ? { ...kept, share: shares.canary } : kept;
    },
    clusterOf(lineId) {
      const number = ids.valueOf(lineId),
        tally = number === undefined ? undefined : pages.current().tallyOf(number);
      const cluster = tally && clusters.find(one => one.tally === tally || one.tally.parts.includes(tally));
      return cluster?.key;
    },
  };
}

/** So many lines are entered before they are read: few enough to be still at hand then. */
const linesAtOnce = 512;

interface Pages {
  take(text: string, origin: LineOrigin): void;
  /** The book as it is, which may lack the newest lines. */
  current(): Book;
  /** The book with all lines. */
  upToDate(): Book;
}

/** A book that is begun anew with all lines until there are enough of them to learn the layout from. */
function createPages(settings: BookSettings, ids: LineIds): Pages {
  /** The first lines, from which the layout is learned. */
  let waiting: { readonly text: string; readonly origin: LineOrigin }[] | undefined = [];
  let book = createBook(settings, [], ids);
  let dirty = false;

  function begin(): void {
    const lines = waiting ?? [];
    book = createBook(
      settings,
      lines.map(({ text }) => text),
      ids,
    );
    for (const { text, origin } of lines) book.take(text, origin);
    if (lines.length >= sampleSize) waiting = undefined;
    dirty = false;
  }

  return {
    take(text, origin) {
      if (!waiting) {
        book.take(text, origin);
        return;
      }
      waiting.push({ text, origin });
      dirty = true;
      if (waiting.length >= sampleSize) begin();
    },
    current: () => book,
    upToDate() {
      if (waiting && dirty) begin();
      return book;
    },
  };
}

function inTimeOrder(lines: readonly LogLine[]): readonly LogLine[] {
  for (let i = 1; i < lines.length; i++)
    if (lines[i]!.atMs < lines[i - 1]!.atMs) return [...lines].sort((a, b) => a.atMs - b.atMs);
  return lines;
}

function checkOf(
  settings: LogSettings,
  at: AssessmentMoment,
  book: CountedBook,
  clusters: readonly Cluster[],
): LogsCheck {
  const { sensitivity, learned } = settings,
    { lines, nodes } = book,
    canaryMs = Math.max(0, at.atMs - at.canarySinceMs);
  const readMs = canaryMs * (at.shares?.canary ?? 1),
    exposure = exposureOf(settings, at, book, clusters, (nodes.canary.size * readMs) / minuteMs);
  return writeCheck(clusters, {
    name: at.name,
    source: at.source,
    sensitivity,
    canaryMs,
    minimumMs: at.minimumMs,
    canarySinceMs: at.canarySinceMs,
    atMs: at.atMs,
    canaryLines: lines.canary,
    baselineLines: lines[exposure.against],
    unread: book.unread(),
    learned,
    exposure,
  });
}

function exposureOf(
  { baselineKind, trafficRatio: usual, learned, earlier }: LogSettings,
  { canarySinceMs, atMs, trafficRatio = usual, shares = whole }: AssessmentMoment,
  { spans, lines }: CountedBook,
  clusters: readonly Cluster[],
  nodeMinutes: number,
): Exposure {
  const against = baselineKind === 'previous' ? 'before' : 'baseline',
    span = spans[against];
  const hasReference = hasReferenceIn(learned, lines[against], lines.canary),
    { comparable } = sortByStanding(clusters, hasReference, against);
  const common = {
    against,
    span,
    canarySpan: spans.canary,
    nodeMinutes,
    hasReference,
    measures: createMeasures(comparable, against, span, spans.canary),
  } as const;
  if (against === 'baseline') return { ...common, trafficRatio };
  const beforeMs = Math.max(1, canarySinceMs - Math.min(span.fromMs, canarySinceMs));
  return {
    ...common,
    isRun: earlier !== undefined,
    trafficRatio: (trafficRatio * Math.max(1, (atMs - canarySinceMs) * shares.canary)) / (beforeMs * shares.before),
  };
}

const minuteMs = 60_000,
  whole: Shares = { canary: 1, before: 1 };
