// Every decoder by the name that an adapter gives its pages.
import type { Decode, DecoderName } from '../model/evidence/analysis.ts';
import { decodeNewRelicLogs } from './newRelic/logs.decode.ts';
import { decodeNewRelicSeries } from './newRelic/series.decode.ts';
import { decodeSumoMessages } from './sumoLogic/messages.decode.ts';
import { decodeSumoMetrics } from './sumoLogic/metrics.decode.ts';

export const decoders: Readonly<Record<DecoderName, Decode>> = {
  newRelicSeries: decodeNewRelicSeries,
  newRelicLogs: decodeNewRelicLogs,
  sumoMessages: decodeSumoMessages,
  sumoMetrics: decodeSumoMetrics,
};
