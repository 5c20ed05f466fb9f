// The analysis without its worker, for a virtual clock: the same sessions and decoders, answering at once.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decoders } from '../../src/vendors/decoders.decode.ts';
import type { KeptEvidence } from '../../src/model/evidence/evidence.ts';
import { succeed } from '../../src/model/failure.ts';
import { boundReport, pageChecks } from '../../src/model/evidence/reportPages.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { secretForms } from '../../src/vendors/definitions.ts';
import type { Analysis } from '../../src/model/ports.ts';
import { createEvidenceSession } from '../../src/verify/session.ts';

export function createInlineAnalysis(): Analysis {
  return {
    open(settings) {
      const session = createEvidenceSession(
        settings,
        decoders,
        createRedactor([], secretForms),
        settings.earlier && (JSON.parse(inflateRawSync(settings.earlier.evidence).toString('utf8')) as KeptEvidence),
      );
      return Promise.resolve(
        succeed({
          ingest: page => Promise.resolve(session.ingest(page)),
          look(look) {
            const report = session.look(look);
            return Promise.resolve(
              succeed({
                report: boundReport(report),
                pages: pageChecks(report.checks).map(page => new Uint8Array(deflateRawSync(page, { level: 1 }))),
              }),
            );
          },
          setFeedback: entries => Promise.resolve(succeed(session.setFeedback(entries))),
          learn: () => Promise.resolve(succeed(session.learn())),
          keep: () => Promise.resolve(succeed(new Uint8Array(deflateRawSync(JSON.stringify(session.keep()))))),
          close() {
            /* nothing is kept */
          },
        }),
      );
    },
    close: () => Promise.resolve(),
  };
}
