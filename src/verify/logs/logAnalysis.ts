// One verification's logs: lines in, at any moment a check out. Baseline, before and canary share one template state.
import type { KeptLogs, LearnedEvents, LogLine, Role, Severity } from '../../model/evidence/evidence.ts';
import type { Feedback } from '../../model/evidence/feedback.ts';
import type { NamedValues, Sensitivity } from '../../model/pipeline.ts';
import type { LogsCheck } from '../../model/evidence/verdict.ts';
import type { Exposure } from './judge/assessment.ts';
import type { UnreadLines } from './formats/unread.ts';
import { collectClusters, type Cluster, type LoggedTally } from './count/clusters.ts';
import { createIntake, sampleSize, type Intake } from './record/intake.ts';
import { countKept, keepLogs } from './count/keptLogs.ts';
import { mergeLearned, resolveLearned, seedLearned } from './count/learned.ts';
import { createLineIds, type LineIds } from './count/lineIds.ts';
import type { Span } from './judge/dispersion.ts';
import { hasReference } from './judge/judgement.ts';
import { rankOf, type SeverityRank } from './settings.ts';
import { writeCheck } from './judge/logsCheck.ts';
import { readMarks } from './count/marks.ts';
import { isException } from './template/recognition.ts';
import { firstLine, type OpenRecord } from './record/records.ts';
import { createRequestReader } from './count/requests.ts';
import type { Shape } from './record/shapes.ts';
import { severityOfRecord } from './text/severity.ts';
import { createValueReader } from './text/namedValues.ts';
import { addSample, count, createTally, wantsSample, type Tally } from './count/tally.ts';
import type { Group } from './template/templates.ts';

export interface LogSettings {
  readonly sensitivity: Sensitivity;
  /** Canary traffic over baseline traffic, all nodes together. */
  readonly trafficRatio: number;
  readonly values?: NamedValues;
  readonly learned?: LearnedEvents;
  readonly feedback?: readonly Feedback[];
  /** Of the canary: what it teaches is remembered by it. */
  readonly version?: string;
  /** `previous`: no concurrent baseline node is left; compare with `before` and what was learned. */
  readonly baselineKind: 'existing' | 'fresh' | 'previous';
  /** A run of before that stands for the time before, and when the canary begins, whose time before it is. */
  readonly earlier?: { readonly logs: KeptLogs; readonly canarySinceMs: number };
}

export interface AssessmentMoment {
  readonly name: string;
  readonly source: string;
  readonly atMs: number;
  readonly canarySinceMs: number;
  /** Least time of canary evidence before a pass may be said. */
  readonly minimumMs: number;
}

export interface LogAnalysis {
  /** Lines of one call may come in any order; ids already seen are ignored. */
  add(lines: readonly LogLine[], role: Role): void;
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

/** A line without its text, which is not kept. */
interface Member {
  readonly role: Role;
  readonly node: string;
  readonly atMs: number;
  /** What the ids know it by. */
  readonly entry: number | undefined;
  /** The request that it belongs to, where it bears an id of one. */
  request?: number | undefined;
}

export function createLogAnalysis(settings: LogSettings): LogAnalysis {
  const ids = createLineIds();
  /** The first lines, from which the layout is learned. */
  let waiting: { readonly text: string; readonly member: Member }[] | undefined = [];
  let book = createBook(settings, [], ids);
  let dirty = false;
  let clusters: readonly Cluster[] = [],
    canaryMs = 0,
    sinceMs = 0,
    latestMs = 0,
    marks = readMarks(settings.feedback ?? []);

  function begin(): void {
    const lines = waiting ?? [];
    book = createBook(
      settings,
      lines.map(({ text }) => text),
      ids,
    );
    for (const { text, member } of lines) book.take(text, member);
    if (lines.length >= sampleSize) waiting = undefined;
    dirty = false;
  }

  function collect(): readonly Cluster[] {
    if (waiting && dirty) begin();
    return book.collect().map(cluster => {
      const mark = marks.of(cluster);
      return mark ? { ...cluster, mark } : cluster;
    });
  }

  return {
    add(lines, role) {
      for (const { id, node, atMs, text } of inTimeOrder(lines)) {
        const entry = id === undefined ? undefined : ids.enter(id);
        if (id !== undefined && entry === undefined) continue;
        const member: Member = { role, node, atMs, entry };
        if (!waiting) {
          book.take(text, member);
          continue;
        }
        waiting.push({ text, member });
        dirty = true;
        if (waiting.length >= sampleSize) begin();
      }
    },
    setFeedback(entries) {
      marks = readMarks(entries);
    },
    assess(at) {
      clusters = collect();
      const { sensitivity, learned } = settings,
        { lines, nodes } = book;
      canaryMs = Math.max(0, at.atMs - at.canarySinceMs);
      sinceMs = at.canarySinceMs;
      latestMs = at.atMs;
      const exposure = exposureOf(settings, at, book, (nodes.canary.size * canaryMs) / minuteMs);
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
    },
    learn() {
      const all = collect(),
        { nodes, spans } = book,
        role = nodes.canary.size > 0 ? 'canary' : 'before';
      const seenMs = role === 'canary' ? canaryMs : Math.max(0, spans.before.toMs - spans.before.fromMs);
      return mergeLearned(settings.learned, all, {
        version: settings.version,
        atMs: Math.max(latestMs, spans[role].toMs),
        role,
        nodeMinutes: (nodes[role].size * seenMs) / minuteMs,
      });
    },
    keep: () => keepLogs(collect(), { canarySinceMs: sinceMs, canaryMs, nodes: book.nodes.canary.size }),
    clusterOf(lineId) {
      const number = ids.valueOf(lineId),
        tally = number === undefined ? undefined : book.tallyOf(number);
      const cluster = tally && clusters.find(one => one.tally === tally || one.tally.parts.includes(tally));
      return cluster?.key;
    },
  };
}

function inTimeOrder(lines: readonly LogLine[]): readonly LogLine[] {
  for (let i = 1; i < lines.length; i++)
    if (lines[i]!.atMs < lines[i - 1]!.atMs) return [...lines].sort((a, b) => a.atMs - b.atMs);
  return lines;
}

function exposureOf(
  { baselineKind, trafficRatio, learned, earlier }: LogSettings,
  { canarySinceMs, atMs }: AssessmentMoment,
  { spans, lines }: Book,
  nodeMinutes: number,
): Exposure {
  const against = baselineKind === 'previous' ? 'before' : 'baseline',
    span = spans[against];
  const common = {
    against,
    span,
    canarySpan: spans.canary,
    nodeMinutes,
    hasReference: hasReference(learned, lines[against], lines.canary),
  } as const;
  if (against === 'baseline') return { ...common, trafficRatio };
  const beforeMs = Math.max(1, canarySinceMs - Math.min(span.fromMs, canarySinceMs));
  return {
    ...common,
    isRun: earlier !== undefined,
    trafficRatio: (trafficRatio * Math.max(1, atMs - canarySinceMs)) / beforeMs,
  };
}

/** Everything counted so far, by one reading of the layout. */
interface Book {
  readonly lines: Record<Role, number>;
  /** Those that logged. */
  readonly nodes: Readonly<Record<Role, Set<string>>>;
  /** First and last time of each side's lines. */
  readonly spans: Readonly<Record<Role, Span>>;
  take(text: string, member: Member): void;
  /** Lines that could not be read as what they seem to be. */
  unread(): readonly UnreadLines[];
  /** The tally that ids have as their value. */
  tallyOf(number: number): Tally | undefined;
  collect(): Cluster[];
}

function createBook(
  { learned, earlier, values }: Pick<LogSettings, 'learned' | 'earlier' | 'values'>,
  sample: readonly string[],
  ids: LineIds,
): Book {
  const lines: Record<Role, number> = { canary: 0, baseline: 0, before: 0 };
  const nodes = { canary: new Set<string>(), baseline: new Set<string>(), before: new Set<string>() };
  const spans: Record<Role, Span> = { canary: emptySpan(), baseline: emptySpan(), before: emptySpan() };
  /** Names of streams, kept so that no line makes one. */
  const streams: Record<Role, Map<string, string>> = { canary: new Map(), baseline: new Map(), before: new Map() };
  const tallies: Tallies = new Map();
  const intake: Intake<Member> = createIntake(
    sample,
    (record, group) => countRecord(record, group),
    values && { values: createValueReader(values) },
  );
  const seeded = seedLearned(learned, intake.recognizer),
    readRequest = createRequestReader(sample);

  /** Tallies by their numbers: those of records that are closed, and those of the last look's open ones. */
  const numbered: LoggedTally[] = [],
    openOnes: LoggedTally[] = [];
  /** What records of one line count as, by their shape. */
  const ofShape = new Map<Shape, Counted>();

  function talliesOf(group: Group, logger: string, rank: SeverityRank, into: Tallies): LoggedTally {
    let ranks = into.get(group);
    if (!ranks) {
      ranks = [new Map(), new Map(), new Map()];
      into.set(group, ranks);
    }
    const loggers = ranks[rank];
    const name = loggers.size < mostLoggers || loggers.has(logger) ? logger : '';
    let logged = loggers.get(name);
    if (!logged) {
      const isOpen = into !== tallies,
        list = isOpen ? openOnes : numbered;
      const number = (isOpen ? firstOpen : 0) + list.length;
      logged = { group, logger: name, rank, tally: createTally(), severities: new Map(), number };
      list.push(logged);
      loggers.set(name, logged);
    }
    return logged;
  }

  function countRecord(record: OpenRecord<Member>, group: Group, into = tallies): void {
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
    const isKnown = more === undefined && into === tallies && shape.loggerClass !== undefined && !shape.isEmpty;
    const known = isKnown ? ofShape.get(shape) : undefined;
    if (known) return known;
    const logged = talliesOf(group, intake.loggerClassOf(record), rankOf(level), into);
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

  if (earlier) takeKept(earlier);

  function takeKept({ logs: { clusters, durationMs }, canarySinceMs }: NonNullable<LogSettings['earlier']>): void {
    spans.before.fromMs = canarySinceMs - durationMs;
    spans.before.toMs = canarySinceMs - 1;
    for (const cluster of clusters) {
      countKept(
        talliesOf(
          intake.recognizer.groupOfTemplate(cluster.template),
          cluster.logger,
          rankOf(cluster.severity),
          tallies,
        ).tally,
        cluster,
        spans.before.fromMs,
      );
      for (const [node, count] of Object.entries(cluster.nodes)) {
        nodes.before.add(node);
        lines.before += count;
      }
    }
  }

  return {
    lines,
    nodes,
    spans,
    take(text, member) {
      const { role, node, atMs } = member,
        span = spans[role];
      lines[role]++;
      if (atMs < span.fromMs) span.fromMs = atMs;
      if (atMs > span.toMs) span.toMs = atMs;
      let stream = streams[role].get(node);
      if (stream === undefined) {
        stream = `${role} ${node}`;
        streams[role].set(node, stream);
        nodes[role].add(node);
      }
      if (readRequest) member.request = readRequest(text);
      intake.take(stream, text, member);
    },
    unread: intake.unread,
    tallyOf: value => (value >= firstOpen ? openOnes[value - firstOpen] : numbered[value])?.tally,
    collect() {
      const { recognizer } = intake;
      // What may still go on counts as it is now, and again as a whole at the next look.
      const open: Tallies = new Map();
      openOnes.length = 0;
      intake.peek((record, group) => countRecord(record, group, open));
      const seen = [tallies, open].flatMap(some =>
        [...some.values()].flatMap(ranks => ranks.flatMap(loggers => [...loggers.values()])),
      );
      const roots = new Set(seen.map(({ group }) => recognizer.root(group)));
      return collectClusters(seen, recognizer, seeded, resolveLearned(seeded, recognizer, [...roots]));
    },
  };
}

interface Counted {
  readonly logged: LoggedTally;
  readonly severity: Severity;
}

const mostShapes = 1 << 16;

/** Tallies of a group by the rank of their lines' level and by logger. */
type ByRank = readonly [Map<string, LoggedTally>, Map<string, LoggedTally>, Map<string, LoggedTally>];
type Tallies = Map<Group, ByRank>;

function emptySpan(): Span {
  return { fromMs: Infinity, toMs: -Infinity };
}

/** Of one group. */
const mostLoggers = 64;
const minuteMs = 60_000;
const firstOpen = 1 << 28;
