// Asks Sumo Logic before a deployment how much a source's searches would scan, over all data tiers: of one look, and of
// a whole verification.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ScanEstimate } from '../../model/evidence/sourceCheck.ts';
import { listMember, member, numberMember, parseJson, textMember } from '../transport/decode/json.decode.ts';
import { createSumoClient } from './client.ts';
import type { ScanQuestion } from '../vendor.ts';
import type { SumoConnection, SumoLogsSource } from './options.ts';
import { narrowToNodes } from './query.ts';
import { writeTimeRange } from './timeRange.ts';

export type SumoScanQuestion = ScanQuestion & { readonly source: SumoLogsSource; readonly connection: SumoConnection };

const withinMs = 15_000;
type ByTier = ReadonlyMap<string, number>;

/** From what the newest such windows hold: the history once, and then look after look. */
export async function estimateScan(
  deps: Outside,
  question: SumoScanQuestion,
  signal: AbortSignal,
): Promise<Result<ScanEstimate>> {
  const { lookMs, looks, historyMs } = question;
  const [look, history] = await Promise.all([
    bytesOf(deps, question, lookMs, signal),
    historyMs > 0 ? bytesOf(deps, question, historyMs, signal) : succeed<ByTier>(new Map()),
  ]);
  if (!look.ok) return look;
  if (!history.ok) return history;
  const tiers = [...new Set([...history.value.keys(), ...look.value.keys()])].map(
    tier => [tier, (history.value.get(tier) ?? 0) + looks * (look.value.get(tier) ?? 0)] as const,
  );
  return succeed({
    lookBytes: sum(look.value.values()),
    verificationBytes: sum(tiers.map(([, bytes]) => bytes)),
    tiers: Object.fromEntries(tiers),
  });
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

/** The older `estimatedUsage` says nothing of any tier but the Infrequent one. */
async function bytesOf(
  deps: Outside,
  { source, connection, nodes, toMs }: SumoScanQuestion,
  lengthMs: number,
  signal: AbortSignal,
): Promise<Result<ByTier>> {
  const what = `Sumo Logic, what "${source.name}" would scan`;
  const answer = await createSumoClient(deps)(
    connection,
    {
      method: 'POST',
      path: '/logSearches/estimatedUsageByTier',
      cookies: new Map(),
      what,
      deadlineMs: deps.clock.now() + withinMs,
      body: {
        queryString: narrowToNodes(source.options.query, source.nodeAttribute, nodes),
        timeRange: writeTimeRange(toMs - lengthMs, toMs),
        runByReceiptTime: false,
        timezone: 'UTC',
      },
    },
    signal,
  );
  if (!answer.ok) return answer;
  const document = parseJson(answer.value.bytes, 'Sumo Logic');
  const details =
    document.ok && Array.isArray(member(document.value, 'estimatedUsageDetails'))
      ? listMember(document.value, 'estimatedUsageDetails')
      : [];
  const tiers = details.map(one => [textMember(one, 'tier'), numberMember(one, 'dataScannedInBytes') ?? -1] as const);
  if (tiers.length === 0 || tiers.some(([tier, bytes]) => tier === undefined || bytes < 0))
    return fail('bad-answer', `${what}: the answer names no bytes by tier.`);
  return succeed(new Map(tiers.map(([tier, bytes]) => [tier!.slice(0, 40), bytes])));
}
