// The decoders of ClickHouse's answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeClickHouseLines } from './lines.decode.ts';

export const clickHouseDecoders: VendorDecoders = { clickHouseLines: decodeClickHouseLines };
