// The decoders of VictoriaLogs' answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeVictoriaLogsCounts } from './counts.decode.ts';
import { decodeVictoriaLogsLines } from './lines.decode.ts';

export const victoriaLogsDecoders: VendorDecoders = {
  victoriaLogsLines: decodeVictoriaLogsLines,
  victoriaLogsCounts: decodeVictoriaLogsCounts,
};
