// The decoders of what programs print.
import type { VendorDecoders } from '../vendor.ts';
import { decodeCommandLines } from './logs.decode.ts';
import { decodeCommandSamples } from './metrics.decode.ts';

export const commandDecoders: VendorDecoders = {
  commandLines: decodeCommandLines,
  commandSamples: decodeCommandSamples,
};
