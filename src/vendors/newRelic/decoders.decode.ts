// The decoders of New Relic's answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeNewRelicCounts } from './counts.decode.ts';
import { decodeNewRelicLogs } from './logs.decode.ts';
import { decodeNewRelicSeries } from './metrics.decode.ts';

export const newRelicDecoders: VendorDecoders = {
  newRelicSeries: decodeNewRelicSeries,
  newRelicLogs: decodeNewRelicLogs,
  newRelicCounts: decodeNewRelicCounts,
};
