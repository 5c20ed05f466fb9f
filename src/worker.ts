// The analysis worker's wiring: answers the engine's requests with evidence sessions, off the engine's thread.
import { parentPort } from 'node:worker_threads';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decoders } from './vendors/decoders.decode.ts';
import type { AnalysisReply, AnalysisRequest, AnalysisSettings, Looked } from './model/evidence/analysis.ts';
import type { KeptEvidence } from './model/evidence/evidence.ts';
import { fail, succeed, type Result } from './model/failure.ts';
import { createRedactor } from './model/redact.ts';
import { boundReport, pageChecks } from './model/evidence/reportPages.ts';
import type { VerificationReport } from './model/evidence/verdict.ts';
import { createEvidenceSession, type EvidenceSession } from './verify/session.ts';

const sessions = new Map<number, EvidenceSession>();

parentPort?.on('message', (request: AnalysisRequest) => {
  const result = answer(request);
  const pages = request.type === 'look' && result.ok ? (result.value as Looked).pages : [];
  parentPort?.postMessage(
    { id: request.id, result } satisfies AnalysisReply,
    pages.map(page => page.buffer),
  );
});

/** The data comes from our own store. */
function openKept({ earlier }: AnalysisSettings): KeptEvidence | undefined {
  return earlier && (JSON.parse(inflateRawSync(earlier.evidence).toString('utf8')) as KeptEvidence);
}

function inBothForms(report: VerificationReport): Looked {
  // Copied, because zlib may return a view on a shared pool, which cannot be transferred.
  return {
    report: boundReport(report),
    pages: pageChecks(report.checks).map(page => new Uint8Array(deflateRawSync(page, { level: 1 }))),
  };
}

function answer(request: AnalysisRequest): Result<unknown> {
  try {
    if (request.type === 'open') {
      sessions.set(
        request.session,
        createEvidenceSession(
          request.settings,
          decoders,
          createRedactor(request.secrets, request.secretForms),
          openKept(request.settings),
        ),
      );
      return succeed(undefined);
    }
    const session = sessions.get(request.session);
    if (!session) return fail('invalid', `Analysis session ${request.session} is not open.`);
    switch (request.type) {
      case 'ingest':
        return session.ingest(request.page);
      case 'look':
        return succeed(inBothForms(session.look(request.look)));
      case 'feedback':
        session.setFeedback(request.entries);
        return succeed(undefined);
      case 'learn':
        return succeed(session.learn());
      case 'keep':
        return succeed(new Uint8Array(deflateRawSync(JSON.stringify(session.keep()))));
      case 'close':
        sessions.delete(request.session);
        return succeed(undefined);
      default:
        return request satisfies never;
    }
  } catch (error) {
    return fail('bad-answer', 'The analysis failed.', { cause: String(error instanceof Error ? error.stack : error) });
  }
}
