// A regression may begin at any moment of the run, so evidence is a mixture over the possible onsets.

export interface Onset {
  /** The first interval of the regression. */
  readonly from: number;
  readonly logWeight: number;
}

const fromStart = 0.5;
const grid = 20;

/**
 * Prior weights of the onsets before interval `length`: half for "from the first interval", the rest evenly over the
 * planned run, and what lies after the plan thinner and thinner. They sum to less than one, and a later look never
 * changes an earlier weight, so that a mixture of e-processes stays one.
 */
export function onsetsBefore(length: number, planned: number): Onset[] {
  const stride = Math.max(1, Math.ceil(planned / grid));
  const onsets: Onset[] = [{ from: 0, logWeight: Math.log(fromStart) }];
  const inside = Math.floor((planned - 1) / stride);
  for (let k = 1; k * stride < length; k += 1) {
    const late = k - inside;
    const weight = late <= 0 ? 0.35 / inside : 0.05 / (late * (late + 1));
    onsets.push({ from: k * stride, logWeight: Math.log(weight) });
  }
  return onsets;
}
