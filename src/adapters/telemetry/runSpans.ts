// Converts a finished run into OpenTelemetry spans and metrics, derived from its journal: the run, its stages, and
// their hooks, verifications and rollbacks. They contain no names of people and no log lines.
import { createHash } from 'node:crypto';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { attributesOf, deltaTemporality, errorCode, internalKind, nanoseconds, type Attributes } from './otlp.ts';

type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { readonly type: T }>;

interface Span {
  /** Unique within the run. */
  readonly key: string;
  readonly parent?: string;
  readonly name: string;
  readonly startMs: number;
  readonly attributes: Attributes;
  endMs?: number;
  outcome?: string;
  /** The message of the failure. */
  failure?: string;
}

/** The maximum number of spans. A longer run exports its first spans, and an attribute has the number of the others. */
const mostSpans = 1_000,
  mostEvents = 200;
const runKey = 'run';

export interface RunExport {
  readonly traces: unknown;
  readonly metrics: unknown;
}

/** Undefined for a run that has not finished. The same journal always results in the same ids. */
export function exportRun(
  runId: string,
  events: readonly RunEvent[],
  redact: (text: string) => string,
): RunExport | undefined {
  const [started] = events;
  const finished = events.findLast(event => event.type === 'run-finished');
  if (started?.type !== 'run-started' || !finished) return undefined;
  const attributes = {
    'backstop.run.id': runId,
    'backstop.pipeline': started.pipeline,
    'backstop.service': started.service,
    'backstop.run.kind': started.kind ?? 'pipeline',
    'backstop.outcome': finished.outcome,
  };
  const resource = {
    attributes: attributesOf({ 'service.name': 'backstop' }, redact),
  };
  const scope = { name: 'backstop' };
  return {
    traces: {
      resourceSpans: [
        { resource, scopeSpans: [{ scope, spans: spansOf(runId, started, finished, events, attributes, redact) }] },
      ],
    },
    metrics: {
      resourceMetrics: [
        { resource, scopeMetrics: [{ scope, metrics: metricsOf(started.at, finished.at, attributes, redact) }] },
      ],
    },
  };
}

function spansOf(
  runId: string,
  started: EventOf<'run-started'>,
  finished: EventOf<'run-finished'>,
  events: readonly RunEvent[],
  attributes: Attributes,
  redact: (text: string) => string,
): readonly unknown[] {
  const all = collect(events);
  const shown = all.slice(0, mostSpans - 1);
  const run: Span = {
    key: runKey,
    name: `run ${started.pipeline}`,
    startMs: started.at,
    endMs: finished.at,
    outcome: finished.outcome,
    ...(finished.outcome === 'failed' && { failure: finished.failure?.message ?? 'The run failed.' }),
    attributes: {
      ...attributes,
      'backstop.version': started.artifact.version,
      'backstop.release': started.release.id,
      ...(all.length > shown.length && { 'backstop.spans_left_out': all.length - shown.length }),
    },
  };
  const traceId = digest(runId, 32);
  return [run, ...shown].map(span => ({
    traceId,
    spanId: digest(`${runId} ${span.key}`, 16),
    ...(span !== run && { parentSpanId: digest(`${runId} ${span.parent ?? runKey}`, 16) }),
    name: redact(span.name).slice(0, 200),
    kind: internalKind,
    startTimeUnixNano: nanoseconds(span.startMs),
    // A span without an end ended with the run. If the clock was set back, its end must still not be before its
    // beginning.
    endTimeUnixNano: nanoseconds(Math.max(span.startMs, span.endMs ?? finished.at)),
    attributes: attributesOf({ ...span.attributes, 'backstop.outcome': span.outcome }, redact),
    ...(span === run && { events: eventsOf(events, redact) }),
    status: span.failure === undefined ? {} : { code: errorCode, message: redact(span.failure).slice(0, 1_024) },
  }));
}

/** Everything with a duration, in order of its beginning. */
function collect(events: readonly RunEvent[]): readonly Span[] {
  const spans = new Map<string, Span>();
  for (const event of events) {
    const begun = beginning(event);
    if (begun) spans.set(begun.key, begun);
    const ended = ending(event);
    const span = ended && spans.get(ended.key);
    if (span) Object.assign(span, { ...ended, endMs: event.at });
  }
  return [...spans.values()];
}

function beginning(event: RunEvent): Span | undefined {
  const startMs = event.at;
  switch (event.type) {
    case 'stage-started':
      return {
        key: `stage ${event.stage}`,
        name: `stage ${event.stage}`,
        startMs,
        attributes: { 'backstop.environment': event.environment },
      };
    case 'hook-intended': {
      const { key, hook, purpose, stage, environment, nodes, phase, attempt } = event.call;
      return {
        key: `hook ${key}`,
        parent: `stage ${stage}`,
        name: `hook ${hook}`,
        startMs,
        attributes: {
          'backstop.hook.purpose': purpose,
          'backstop.environment': environment,
          'backstop.nodes': nodes,
          'backstop.phase': phase,
          'backstop.attempt': attempt,
        },
      };
    }
    case 'verification-started':
      return {
        key: `verification ${event.key}`,
        parent: `stage ${event.stage}`,
        name: `verification ${event.purpose}`,
        startMs,
        attributes: {
          'backstop.phase': event.phase,
          'backstop.canary_nodes': event.canaryNodes,
          'backstop.baseline_nodes': event.baselineNodes,
        },
      };
    case 'rollback-started':
      return {
        key: `rollback ${event.stage}`,
        parent: `stage ${event.stage}`,
        name: 'rollback',
        startMs,
        attributes: {
          'backstop.environment': event.environment,
          'backstop.nodes': event.nodes,
          'backstop.rollback.from': event.from.artifact.version,
          'backstop.rollback.to': event.to.artifact.version,
        },
      };
    default:
      return undefined;
  }
}

function ending(event: RunEvent): Pick<Span, 'key' | 'outcome' | 'failure'> | undefined {
  switch (event.type) {
    case 'stage-finished':
      return { key: `stage ${event.stage}`, outcome: event.outcome, ...failed(event.failure?.message) };
    case 'hook-finished': {
      const { outcome } = event;
      return {
        key: `hook ${event.key}`,
        outcome: outcome.kind,
        ...failed(outcome.kind === 'failed' ? outcome.failure.message : undefined),
      };
    }
    case 'verification-finished':
      return { key: `verification ${event.key}`, outcome: event.report.outcome };
    case 'rollback-finished': {
      const nodes = event.failedNodes.join(', ');
      return {
        key: `rollback ${event.stage}`,
        outcome: nodes === '' ? 'succeeded' : 'failed',
        ...failed(nodes === '' ? undefined : `The rollback failed on ${nodes}.`),
      };
    }
    default:
      return undefined;
  }
}

function failed(failure: string | undefined): Pick<Span, 'failure'> {
  return failure === undefined ? {} : { failure };
}

/** Moments of the run, which have no duration. */
function eventsOf(events: readonly RunEvent[], redact: (text: string) => string): readonly unknown[] {
  return events
    .flatMap(event => {
      const attributes = momentOf(event);
      return attributes
        ? [{ name: event.type, timeUnixNano: nanoseconds(event.at), attributes: attributesOf(attributes, redact) }]
        : [];
    })
    .slice(0, mostEvents);
}

function momentOf(event: RunEvent): Attributes | undefined {
  switch (event.type) {
    case 'decided':
      return { 'backstop.stage': event.stage, 'backstop.decision': event.decision, 'backstop.via': event.by.via };
    case 'asked':
      return { 'backstop.stage': event.question.stage, 'backstop.question': event.question.kind };
    case 'question-closed':
      return { 'backstop.result': event.result };
    case 'clock-jumped':
      return { 'backstop.jumped_ms': event.byMs };
    case 'run-resumed':
      return { 'backstop.via': event.by.via };
    default:
      return undefined;
  }
}

function metricsOf(
  startMs: number,
  endMs: number,
  attributes: Attributes,
  redact: (text: string) => string,
): readonly unknown[] {
  const { 'backstop.run.id': _, ...ofAllRuns } = attributes;
  const point = {
    attributes: attributesOf(ofAllRuns, redact),
    startTimeUnixNano: nanoseconds(startMs),
    timeUnixNano: nanoseconds(Math.max(startMs, endMs)),
  };
  return [
    {
      name: 'backstop.runs',
      description: 'Finished runs',
      unit: '{run}',
      sum: { aggregationTemporality: deltaTemporality, isMonotonic: true, dataPoints: [{ ...point, asInt: '1' }] },
    },
    {
      name: 'backstop.run.duration',
      description: 'Duration of the latest run',
      unit: 's',
      gauge: { dataPoints: [{ ...point, asDouble: Math.max(0, endMs - startMs) / 1000 }] },
    },
  ];
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
