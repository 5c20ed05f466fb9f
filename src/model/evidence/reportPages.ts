// A verification's report in two forms: bounded for the journal, and full in pages small enough to be read one by one.
import type { Check, ClusterReport, VerificationReport } from './verdict.ts';

/** Number of risky clusters that a bounded report keeps per check, and the length of a sample, in characters. */
const mostBounded = 50,
  longestSample = 2_000;
/** Number of clusters in a page. */
const pageSize = 200;

interface Page {
  /** Only on the first page; checks of logs have no clusters there. */
  readonly checks?: readonly Check[];
  /** The check that the clusters belong to. */
  readonly check?: number;
  readonly clusters: readonly ClusterReport[];
}

/** The journal keeps no series and no known cluster; of the risky clusters it keeps the riskiest and the first seen. */
export function boundReport(report: VerificationReport): VerificationReport {
  return {
    ...report,
    checks: report.checks.map((check): Check => {
      if (check.kind === 'metric') {
        const { series: _, ...rest } = check;
        return rest;
      }
      if (check.kind === 'measurement') return check;
      const clusters = riskiest(check.clusters).map(boundCluster);
      return { ...check, clusters, hiddenClusters: check.hiddenClusters + check.clusters.length - clusters.length };
    }),
  };
}

function riskiest(clusters: readonly ClusterReport[]): readonly ClusterReport[] {
  const risky = clusters.filter(cluster => cluster.class !== 'known');
  const first = risky.reduce<ClusterReport | undefined>(
    (earliest, one) => (earliest && earliest.firstSeenMs <= one.firstSeenMs ? earliest : one),
    undefined,
  );
  const kept = risky.slice(0, mostBounded);
  return !first || kept.includes(first) ? kept : [...kept.slice(0, -1), first];
}

function boundCluster({ minutes: _, ...cluster }: ClusterReport): ClusterReport {
  const bound = (samples: readonly string[]): readonly string[] =>
    samples.slice(0, 1).map(sample => sample.slice(0, longestSample));
  return { ...cluster, samples: { canary: bound(cluster.samples.canary), baseline: bound(cluster.samples.baseline) } };
}

/** The full checks as JSON texts; the first one must be read first. */
export function pageChecks(checks: readonly Check[]): readonly string[] {
  const pages = checks.flatMap((check, index) =>
    check.kind !== 'logs'
      ? []
      : Array.from({ length: Math.ceil(check.clusters.length / pageSize) }, (_, page): Page => ({
          check: index,
          clusters: check.clusters.slice(page * pageSize, (page + 1) * pageSize),
        })),
  );
  const first: Page = {
    checks: checks.map(check => (check.kind === 'logs' ? { ...check, clusters: [] } : check)),
    clusters: [],
  };
  return [first, ...pages].map(page => JSON.stringify(page));
}

/** The checks in these pages; yields after every page, so that the caller can let other work run. */
export function* joinPages(pages: Iterable<string>): Generator<void, readonly Check[]> {
  let checks: readonly Check[] = [];
  const clusters = new Map<number, ClusterReport[]>();
  for (const text of pages) {
    const { check = 0, clusters: more, ...page } = JSON.parse(text) as Page;
    checks = page.checks ?? checks;
    clusters.set(check, [...(clusters.get(check) ?? []), ...more]);
    yield;
  }
  return checks.map((check, index) =>
    check.kind === 'logs' ? { ...check, clusters: clusters.get(index) ?? [] } : check,
  );
}
