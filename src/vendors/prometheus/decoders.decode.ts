// The decoders of Prometheus' answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodePrometheusMatrix } from './matrix.decode.ts';

export const prometheusDecoders: VendorDecoders = { prometheusMatrix: decodePrometheusMatrix };
