// The decoders of Loki's answers.
import type { VendorDecoders } from '../vendor.ts';
import { decodeLokiStreams } from './streams.decode.ts';

export const lokiDecoders: VendorDecoders = { lokiStreams: decodeLokiStreams };
