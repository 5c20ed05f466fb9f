// The decoders of VictoriaLogs' answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeVictoriaLogsLines } from './lines.decode.ts';

export const victoriaLogsDecoders: VendorDecoders = { victoriaLogsLines: decodeVictoriaLogsLines };
