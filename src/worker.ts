// The analysis worker's wiring: answers the engine's requests with evidence sessions, off the engine's thread.
import { parentPort } from 'node:worker_threads';
import type { AnalysisReply, AnalysisRequest, Decode, DecoderName } from './model/analysis.ts';
import { fail, succeed, type Result } from './model/failure.ts';
import { decodeNewRelicSeries } from './adapters/newRelicSeries.decode.ts';
import { decodeSumoMessages } from './adapters/sumoMessages.decode.ts';
import { createRedactor } from './model/redact.ts';
import { createEvidenceSession, type EvidenceSession } from './verify/session.ts';

const decoders: Readonly<Record<DecoderName, Decode>> = { newRelicSeries: decodeNewRelicSeries, sumoMessages: decodeSumoMessages };
const sessions = new Map<number, EvidenceSession>();

parentPort?.on('message', (request: AnalysisRequest) => {
  parentPort?.postMessage({ id: request.id, result: answer(request) } satisfies AnalysisReply);
});

function answer(request: AnalysisRequest): Result<unknown> {
  try {
    if (request.type === 'open') {
      sessions.set(request.session, createEvidenceSession(request.settings, decoders, createRedactor(request.secrets)));
      return succeed(undefined);
    }
    const session = sessions.get(request.session);
    if (!session) return fail('invalid', `Analysis session ${request.session} is not open.`);
    switch (request.type) {
      case 'ingest': return session.ingest(request.page);
      case 'look': return succeed(session.look(request.look));
      case 'learn': return succeed(session.learn());
      case 'close': sessions.delete(request.session); return succeed(undefined);
      default: return request satisfies never;
    }
  } catch (error) {
    return fail('bad-answer', 'The analysis failed.', { cause: String(error instanceof Error ? error.stack : error) });
  }
}
