// The decoders of Graphite's answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeGraphiteSeries } from './series.decode.ts';

export const graphiteDecoders: VendorDecoders = { graphiteSeries: decodeGraphiteSeries };
