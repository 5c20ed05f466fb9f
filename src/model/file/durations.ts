// Durations and shares as people write them: 90s, 1h30m, 20%.

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Whole numbers with units, largest unit first; the JSON Schema contains the same pattern. */
export const durationPattern = '^(?=\\d)(\\d{1,9}d)?(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?(\\d{1,9}ms)?$';
const durationForm = new RegExp(durationPattern);

/** Milliseconds of `1h30m`, or undefined for anything that is not a duration. */
export function parseDuration(text: string): number | undefined {
  const parts = durationForm.exec(text);
  if (!parts) return undefined;
  const units = [dayMs, hourMs, minuteMs, secondMs, 1];
  return units.reduce((sum, unit, index) => sum + unit * Number.parseInt(parts[index + 1] ?? '0', 10), 0);
}

/** The milliseconds of a duration that was already checked. */
export function toMs(duration: string): number {
  return parseDuration(duration) ?? 0;
}

/** The shortest way to write a duration. */
export function formatDuration(durationMs: number): string {
  let rest = durationMs;
  const parts = (
    [
      [dayMs, 'd'],
      [hourMs, 'h'],
      [minuteMs, 'm'],
      [secondMs, 's'],
      [1, 'ms'],
    ] as const
  ).map(([unit, name]) => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count > 0 ? `${count}${name}` : '';
  });
  return parts.join('') || '0s';
}

export const percentPattern = '^\\d{1,3}(\\.\\d{1,4})?%$';
const percentForm = new RegExp(percentPattern);

/** 0.2 of `20%`, or undefined for anything that is not a percentage. */
export function parsePercent(text: string): number | undefined {
  return percentForm.test(text) ? Number.parseFloat(text) / 100 : undefined;
}
