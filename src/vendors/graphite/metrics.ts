// Writes the render requests of a source: one for each metric and window, with the count that it is a share of.
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { wholeOf, windowsOf } from '../transport/computedMetrics.ts';
import type { MetricQuestion } from '../transport/readComputed.ts';
import type { GraphiteMetric, GraphiteSource } from './options.ts';

export type GraphiteRequest = ReadRequest & { readonly source: GraphiteSource; readonly connection: ServerConnection };

/** Keeps an answer small, whatever the number of series. */
const mostIntervals = 5_000;

/** A series has a value at the begin of each of its steps. The server leaves out the begin of a range. */
export function questionsOf(request: GraphiteRequest): readonly MetricQuestion[] {
  const metrics: readonly GraphiteMetric[] = request.source.metrics;
  return metrics.flatMap(metric => {
    const whole = wholeOf(metrics, metric);
    return windowsOf(request, mostIntervals).map(window => {
      const fill = ({ options: { target } }: GraphiteMetric): string =>
        target.replaceAll(/\$(?:__interval|\{__interval\})/g, `${window.intervalMs / 1_000}s`);
      const targets = [fill(metric), ...(whole ? [`aliasSub(${fill(whole)}, "^", "whole ")`] : [])];
      const body = new URLSearchParams([
        ...targets.map(target => ['target', target]),
        ['from', String(window.fromMs / 1_000 - 1)],
        ['until', String(window.toMs / 1_000 - 1)],
        ['format', 'json'],
      ]).toString();
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      return {
        metric,
        window,
        text: targets.join('; '),
        call: { method: 'POST', path: '/render', parameters: {}, headers, body },
      };
    });
  });
}
