// The decoders of Datadog's answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeDatadogLogs } from './logs.decode.ts';
import { decodeDatadogSeries } from './series.decode.ts';

export const datadogDecoders: VendorDecoders = {
  datadogLogs: decodeDatadogLogs,
  datadogSeries: decodeDatadogSeries,
};
