// The decoders of every vendor, by the name that a page bears.
import { commandDecoders } from './command/decoders.decode.ts';
import { scriptDecoders } from './script/decoders.decode.ts';
import { filesDecoders } from './files/decoders.decode.ts';
import { clickHouseDecoders } from './clickHouse/decoders.decode.ts';
import { lokiDecoders } from './loki/decoders.decode.ts';
import { newRelicDecoders } from './newRelic/decoders.decode.ts';
import { openSearchDecoders } from './openSearch/decoders.decode.ts';
import { datadogDecoders } from './datadog/decoders.decode.ts';
import { cloudWatchDecoders } from './cloudWatch/decoders.decode.ts';
import { graphiteDecoders } from './graphite/decoders.decode.ts';
import { prometheusDecoders } from './prometheus/decoders.decode.ts';
import { sumoLogicDecoders } from './sumoLogic/decoders.decode.ts';
import { victoriaLogsDecoders } from './victoriaLogs/decoders.decode.ts';
import type { VendorDecoders } from './vendor.ts';

export const decoders: VendorDecoders = {
  ...commandDecoders,
  ...scriptDecoders,
  ...filesDecoders,
  ...newRelicDecoders,
  ...sumoLogicDecoders,
  ...prometheusDecoders,
  ...lokiDecoders,
  ...victoriaLogsDecoders,
  ...clickHouseDecoders,
  ...graphiteDecoders,
  ...cloudWatchDecoders,
  ...datadogDecoders,
  ...openSearchDecoders,
};
