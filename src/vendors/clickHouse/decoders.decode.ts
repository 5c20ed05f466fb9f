// The decoders of ClickHouse's answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeClickHouseCounts } from './counts.decode.ts';
import { decodeClickHouseLines } from './lines.decode.ts';

export const clickHouseDecoders: VendorDecoders = {
  clickHouseLines: decodeClickHouseLines,
  clickHouseCounts: decodeClickHouseCounts,
};
