// The decoder of what scripts answer.
import type { VendorDecoders } from '../vendor.ts';
import { decodeScriptAnswer } from './answer.decode.ts';

export const scriptDecoders: VendorDecoders = { scriptAnswer: decodeScriptAnswer };
