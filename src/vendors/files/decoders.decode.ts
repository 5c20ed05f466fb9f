// The decoders of files.
import type { VendorDecoders } from '../vendor.ts';
import { decodeFileLines } from './logs.decode.ts';
import { decodeFileSamples } from './metrics.decode.ts';

export const filesDecoders: VendorDecoders = {
  fileLines: decodeFileLines,
  fileSamples: decodeFileSamples,
};
