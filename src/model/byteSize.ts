// Sizes as people read and write them: 5 GB is 5,000,000,000 bytes.

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
export const byteSizePattern = '^\\d{1,6}(\\.\\d{1,3})? ?(kB|MB|GB|TB)$';
const byteSizeForm = new RegExp(byteSizePattern);

/** The bytes of `5 GB`, or undefined for anything that is not a size. */
export function parseBytes(text: string): number | undefined {
  const unit = byteSizeForm.exec(text)?.[2];
  return unit === undefined
    ? undefined
    : Math.round(Number.parseFloat(text) * 1000 ** units.findIndex(one => one === unit));
}

/** Three digits and the unit: `2.5 MB`. */
export function formatBytes(bytes: number): string {
  const rank = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const size = bytes / 1000 ** rank;
  return `${size >= 100 ? Math.round(size) : Number(size.toPrecision(3))} ${units[rank]}`;
}
