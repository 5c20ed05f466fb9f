// A verification's report in two forms: bounded, for the journal, and whole, in pages that are small enough to be read
// one at a time.
import type { Check, ClusterReport, VerificationReport } from './evidence/verdict.ts';

/** Risky clusters that a bounded report keeps of each check, and what it keeps of a sample, in characters. */
const mostBounded = 50,
  longestSample = 2_000;
/** Clusters of one page. */
const pageSize = 200;

interface Page {
  /** On the first page alone; checks of logs are without their clusters there. */
  readonly checks?: readonly Check[];
  /** Of which check the clusters are. */
  readonly check?: number;
  readonly clusters: readonly ClusterReport[];
}

/**
 * What a journal keeps: no series, no known cluster, of the risky ones the riskiest, and among them the one that was
 * seen first.
 */
export function boundReport(report: VerificationReport): VerificationReport {
  return {
    ...report,
    checks: report.checks.map((check): Check => {
      if (check.kind === 'metric') {
        const { series: _, ...rest } = check;
        return rest;
      }
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

/** The whole checks as JSON texts, the first of which must be read first. */
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

/** The checks that these pages hold; yields after every page, so that its caller may let others work. */
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
