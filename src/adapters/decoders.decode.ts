// Every decoder by the name that an adapter gives its pages.
import type { Decode, DecoderName } from '../model/analysis.ts';
import { decodeNewRelicLogs } from './newRelicLogs.decode.ts';
import { decodeNewRelicSeries } from './newRelicSeries.decode.ts';
import { decodeSumoMessages } from './sumoMessages.decode.ts';
import { decodeSumoMetrics } from './sumoMetrics.decode.ts';

export const decoders: Readonly<Record<DecoderName, Decode>> = {
  newRelicSeries: decodeNewRelicSeries,
  newRelicLogs: decodeNewRelicLogs,
  sumoMessages: decodeSumoMessages,
  sumoMetrics: decodeSumoMetrics,
};
