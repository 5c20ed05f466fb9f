// The decoders of OpenSearch's answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeOpenSearchBuckets } from './buckets.decode.ts';
import { decodeOpenSearchCounts } from './counts.decode.ts';
import { decodeOpenSearchHits } from './hits.decode.ts';

export const openSearchDecoders: VendorDecoders = {
  openSearchHits: decodeOpenSearchHits,
  openSearchBuckets: decodeOpenSearchBuckets,
  openSearchCounts: decodeOpenSearchCounts,
};
