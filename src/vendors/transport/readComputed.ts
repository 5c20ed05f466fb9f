// Reads the metrics of a vendor that computes their values itself: a request for each metric and window, whose answer
// is delivered as the bytes that came.
import type { EvidencePage, ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { Outside } from '../../model/outside.ts';
import type { MetricQuery, MetricsSource } from '../../model/healthSource.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { contextOfWindow, type Window } from './computedMetrics.ts';
import { askServer, type ServerCall } from './ownServer.ts';
import { readDeadline } from './readDeadline.ts';
import { readPage } from './readPage.ts';

export interface MetricQuestion {
  readonly metric: MetricQuery;
  readonly window: Window;
  /** Those that it asks for; absent: all. */
  readonly nodes?: readonly string[];
  /** The query, as text. */
  readonly text: string;
  readonly call: Omit<ServerCall, 'what' | 'deadlineMs'>;
}

export async function readComputed(
  deps: Outside,
  request: ReadRequest & { readonly source: MetricsSource; readonly connection: ServerConnection },
  vendor: { readonly title: string; readonly decoder: string },
  questions: readonly MetricQuestion[],
  deliver: (page: EvidencePage) => Promise<Result<{ rows: number }>>,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const { source, connection } = request;
  const deadlineMs = readDeadline(request, deps.clock.now());
  const read = await Promise.all(
    questions.map(({ metric, window, nodes = request.nodes, text, call }) => {
      const what = `${vendor.title}, metric "${metric.name}"`;
      return readPage(
        deps.clock,
        { source: source.name, text, what, deadlineMs },
        async () => {
          const answer = await askServer(deps, connection, { ...call, what, deadlineMs }, signal);
          if (!answer.ok) return answer;
          const context = contextOfWindow(source, nodes, metric, window),
            { bytes } = answer.value;
          return succeed({ page: { source: source.name, decoder: vendor.decoder, bytes, context }, seen: undefined });
        },
        deliver,
        signal,
      );
    }),
  );
  const failed = read.find(one => !one.ok);
  return failed ?? succeed({ queries: read.flatMap(one => (one.ok ? [one.value.record] : [])) });
}
