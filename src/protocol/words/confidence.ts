// Evidence as a confidence that something is worse than allowed: 1 - 1/e of an e-value, which people can read.
import { formatNumber, formatShare } from './format.ts';
import { t } from './translate.ts';

const most = 0.999;

/** In [0, 0.999]; an e-value of 1 or less is no evidence at all. */
export function confidenceOf(evidence: number): number {
  return evidence > 1 ? Math.min(most, 1 - 1 / evidence) : 0;
}

/** `96 %`, and `99.9 %` at most. It is rounded down: nothing is called certain before it is. */
export function formatConfidence(evidence: number): string {
  const confidence = confidenceOf(evidence);
  return confidence >= most ? `${formatNumber(most * 100)} %` : formatShare(Math.floor(confidence * 100 + 1e-9) / 100);
}

export function confidenceWord(evidence: number, threshold: number): string {
  if (evidence >= threshold) return t('Sure enough to fail');
  const confidence = confidenceOf(evidence);
  if (confidence < 0.5) return t('No evidence of it');
  return confidence < 0.8 ? t('Weak evidence') : t('Not sure yet');
}
