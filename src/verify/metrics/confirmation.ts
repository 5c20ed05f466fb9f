// Evidence that the look before confirms: what is there at one look and gone at the next was a moment, no regression.

/** A look may have so much more than the one before: twice as much. */
const growth = Math.LN2;
/** Five times as much as suffices needs no other look: a bad release is not left in place for the sake of certainty. */
const overwhelming = Math.log(5);

/**
 * Never more than the evidence of this look: what bounds the false alarms of an e-process (Ville 1939) bounds those of
 * this too. A regression that lasts is confirmed by every later look and loses one look; bursts, pauses and noise that
 * was taken for smaller than it is are not.
 * @param logEvidence ln of the evidence at this look
 * @param before the same at the look before
 */
export function confirmedEvidence(logEvidence: number, before: number): number {
  return Math.max(logEvidence - overwhelming, Math.min(logEvidence, before + growth));
}
