// Asks Sumo Logic before a deployment how much a source's searches would scan: of one look, and of a whole verification.
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import type { LogsSource } from '../model/pipeline.ts';
import type { ScanEstimate } from '../model/sourceCheck.ts';
import { member, numberMember, parseJson } from './json.decode.ts';
import { createSumoClient } from './sumoClient.ts';
import type { SumoConnection, SumoDeps } from './sumoClient.ts';
import { narrowToNodes } from './sumoQuery.ts';
import { writeTimeRange } from './sumoTimeRange.ts';

export interface ScanQuestion {
  readonly source: LogsSource;
  readonly connection: SumoConnection;
  readonly nodes: readonly string[];
  /** End of the windows that are estimated. */
  readonly toMs: number;
  /** What one look reads, late lines again with the new ones. */
  readonly lookMs: number;
  readonly looks: number;
  /** What the first look reads before the canary. */
  readonly historyMs: number;
}

const withinMs = 15_000;

/** From what the newest such windows hold: the history once, and then look after look. */
export async function estimateScan(deps: SumoDeps, question: ScanQuestion, signal: AbortSignal): Promise<Result<ScanEstimate>> {
  const { lookMs, looks, historyMs } = question;
  const [look, history] = await Promise.all([bytesOf(deps, question, lookMs, signal), historyMs > 0 ? bytesOf(deps, question, historyMs, signal) : succeed(0)]);
  if (!look.ok) return look;
  return history.ok ? succeed({ lookBytes: look.value, verificationBytes: history.value + looks * look.value }) : history;
}

async function bytesOf(deps: SumoDeps, { source, connection, nodes, toMs }: ScanQuestion, lengthMs: number, signal: AbortSignal): Promise<Result<number>> {
  const what = `Sumo Logic, what "${source.name}" would scan`;
  const answer = await createSumoClient(deps)(connection, {
    method: 'POST', path: '/logSearches/estimatedUsage', cookies: new Map(), what, deadlineMs: deps.clock.now() + withinMs,
    body: { queryString: narrowToNodes(source.query, source.nodeAttribute, nodes), timeRange: writeTimeRange(toMs - lengthMs, toMs), runByReceiptTime: false, parsingMode: 'Manual', timezone: 'UTC' },
  }, signal);
  if (!answer.ok) return answer;
  const document = parseJson(answer.value.bytes, 'Sumo Logic');
  const bytes = document.ok ? numberMember(member(document.value, 'estimatedUsageDetails'), 'dataScannedInBytes') : undefined;
  return bytes === undefined || bytes < 0 ? fail('bad-answer', `${what}: the answer names no bytes.`) : succeed(bytes);
}
