// The decoders of Sumo Logic's answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeSumoCounts } from './counts.decode.ts';
import { decodeSumoMessages } from './messages.decode.ts';
import { decodeSumoMetrics } from './metrics.decode.ts';

export const sumoLogicDecoders: VendorDecoders = {
  sumoMessages: decodeSumoMessages,
  sumoMetrics: decodeSumoMetrics,
  sumoCounts: decodeSumoCounts,
};
