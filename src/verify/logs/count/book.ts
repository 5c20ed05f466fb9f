// Everything counted of the logs of one verification by one reading of the layout: lines, nodes and times of each side,
// and clusters.
import type { KeptLogs, LearnedEvents, Role } from '../../../model/evidence/evidence.ts';
import type { NamedValues } from '../../../model/pipeline.ts';
import type { UnreadLines } from '../formats/unread.ts';
import { collectClusters, type SeenCluster } from './clusters.ts';
import { countKept } from './keptLogs.ts';
import { resolveLearned, seedLearned } from './learned.ts';
import type { LineIds } from './lineIds.ts';
import type { Span } from '../judge/dispersion.ts';
import { createIntake, type Intake } from '../record/intake.ts';
import type { Stream } from '../record/lineStream.ts';
import { createLiveNode, type LiveNode } from './liveCounts.ts';
import { createRecordCounter, type Member } from './recordCounter.ts';
import { createRequestReader } from './requests.ts';
import type { Tally } from './tally.ts';
import { createValueReader } from '../text/namedValues.ts';

export interface BookSettings {
  readonly values?: NamedValues;
  readonly learned?: LearnedEvents;
  /** A run of before that stands for the time before, and when the canary begins, whose time before it is. */
  readonly earlier?: { readonly logs: KeptLogs; readonly canarySinceMs: number };
}

/** What is known of a line beside its text. */
export interface LineOrigin {
  readonly role: Role;
  readonly node: string;
  readonly atMs: number;
  /** What the ids know it by. */
  readonly entry: number;
}

/** Everything counted so far, by one reading of the layout. */
export interface Book {
  readonly lines: Record<Role, number>;
  /** Those that logged. */
  readonly nodes: Readonly<Record<Role, Set<string>>>;
  /** First and last time of each side's lines. */
  readonly spans: Readonly<Record<Role, Span>>;
  take(text: string, origin: LineOrigin): void;
  /** Lines that could not be read as what they seem to be. */
  unread(): readonly UnreadLines[];
  /** The tally that ids have as their value. */
  tallyOf(number: number): Tally | undefined;
  collect(): SeenCluster[];
}

interface NodeStream {
  readonly lines: Stream<Member>;
  readonly node: LiveNode;
}

export function createBook({ learned, earlier, values }: BookSettings, sample: readonly string[], ids: LineIds): Book {
  const lines: Record<Role, number> = { canary: 0, baseline: 0, before: 0 };
  const nodes = { canary: new Set<string>(), baseline: new Set<string>(), before: new Set<string>() };
  const spans: Record<Role, Span> = { canary: emptySpan(), baseline: emptySpan(), before: emptySpan() };
  /** Streams by role and node, kept so that no line makes one. */
  const streams: Record<Role, Map<string, NodeStream>> = { canary: new Map(), baseline: new Map(), before: new Map() };
  const intake: Intake<Member> = createIntake(
    sample,
    (record, group) => counter.count(record, group),
    values && { values: createValueReader(values) },
  );
  const seeded = seedLearned(learned, intake.recognizer),
    readRequest = createRequestReader(sample),
    counter = createRecordCounter(intake, ids);

  function addStream(role: Role, node: string): NodeStream {
    const stream = { lines: intake.open(), node: createLiveNode(role, node, streams[role].size) };
    streams[role].set(node, stream);
    nodes[role].add(node);
    return stream;
  }

  if (earlier)
    takeKept(earlier, { lines, nodes, spans }, ({ template, logger, severity }) =>
      counter.tallyFor(intake.recognizer.groupOfTemplate(template), logger, severity),
    );

  return {
    lines,
    nodes,
    spans,
    take(text, { role, node, atMs, entry }) {
      const span = spans[role];
      lines[role]++;
      if (atMs < span.fromMs) span.fromMs = atMs;
      if (atMs > span.toMs) span.toMs = atMs;
      const stream = streams[role].get(node) ?? addStream(role, node);
      intake.take(stream.lines, text, { node: stream.node, atMs, entry, request: readRequest?.(text) });
    },
    unread: intake.unread,
    tallyOf: counter.tallyOf,
    collect() {
      const { recognizer } = intake;
      const seen = counter.countAll();
      const roots = new Set(seen.map(({ group }) => recognizer.root(group)));
      return collectClusters(seen, recognizer, seeded, resolveLearned(seeded, recognizer, [...roots]));
    },
  };
}

/** Counts what an earlier run kept as the time before. `tallyFor` gives the tally of a kept event. */
export function takeKept(
  { logs: { clusters, durationMs }, canarySinceMs }: NonNullable<BookSettings['earlier']>,
  { lines, nodes, spans }: Pick<Book, 'lines' | 'nodes' | 'spans'>,
  tallyFor: (cluster: KeptLogs['clusters'][number]) => Tally,
): void {
  spans.before.fromMs = canarySinceMs - durationMs;
  spans.before.toMs = canarySinceMs - 1;
  for (const cluster of clusters) {
    countKept(tallyFor(cluster), cluster, spans.before.fromMs);
    for (const [node, count] of Object.entries(cluster.nodes)) {
      nodes.before.add(node);
      lines.before += count;
    }
  }
}

function emptySpan(): Span {
  return { fromMs: Infinity, toMs: -Infinity };
}
