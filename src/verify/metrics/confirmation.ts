// Requires that the evaluation before confirms evidence: what is gone at the next evaluation was momentary, not a
// regression.

/** An evaluation may have at most twice the evidence of the one before. */
const growth = Math.LN2;
/**
 * Five times the required evidence needs no confirmation, so that a bad release is not kept running for certainty's
 * sake.
 */
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
