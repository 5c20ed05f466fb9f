// The decoders of CloudWatch's answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeCloudWatchEvents } from './events.decode.ts';
import { decodeCloudWatchResults } from './results.decode.ts';

export const cloudWatchDecoders: VendorDecoders = {
  cloudWatchEvents: decodeCloudWatchEvents,
  cloudWatchResults: decodeCloudWatchResults,
};
