// Finds in the bytes of an answer how many lines it has and when the newest was, without parsing it.

export interface Stamps {
  readonly lines: number;
  /** Nanoseconds since 1970. */
  readonly newestNs: bigint;
}

/**
 * Each line is `["1795409389448468250", "..."]`. Inside of a text a quote is escaped, so that a bracket, a quote and
 * digits in a row are nothing else.
 */
export function scanStamps(bytes: Uint8Array): Stamps {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  let lines = 0,
    newest = '';
  for (const [, stamp = ''] of text.matchAll(/\[\s*"(\d{1,20})"\s*,/g)) {
    lines += 1;
    if (stamp.length > newest.length || (stamp.length === newest.length && stamp > newest)) newest = stamp;
  }
  return { lines, newestNs: BigInt(newest) };
}
