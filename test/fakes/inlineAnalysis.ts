// The analysis without its worker, for a virtual clock: the same sessions and decoders, answering at once.
import { decodeNewRelicSeries } from '../../src/adapters/newRelicSeries.decode.ts';
import { decodeSumoMessages } from '../../src/adapters/sumoMessages.decode.ts';
import { succeed } from '../../src/model/failure.ts';
import { createRedactor } from '../../src/model/redact.ts';
import type { Analysis } from '../../src/model/ports.ts';
import { createEvidenceSession } from '../../src/verify/session.ts';

export function createInlineAnalysis(): Analysis {
  return {
    open(settings) {
      const session = createEvidenceSession(settings, { newRelicSeries: decodeNewRelicSeries, sumoMessages: decodeSumoMessages }, createRedactor([]));
      return Promise.resolve(succeed({
        ingest: page => Promise.resolve(session.ingest(page)),
        look: look => Promise.resolve(succeed(session.look(look))),
        learn: () => Promise.resolve(succeed(session.learn())),
        close() { /* nothing is kept */ },
      }));
    },
    close: () => Promise.resolve(),
  };
}
