// Counts the lines that could not be read as the format they seemed to be, so that a check can say so.
import type { Reading } from './reading.ts';

export interface UnreadLines {
  /** `json`: text in braces that is no JSON; `json-message`: objects without a message under any known name. */
  readonly format: 'json' | 'json-message';
  readonly lines: number;
}

export interface Unread {
  /** What was read of a line in braces; undefined where nothing was. */
  count(readings: readonly Reading[] | undefined, line: string): void;
  list(): readonly UnreadLines[];
}

export function createUnread(): Unread {
  let notJson = 0,
    withoutMessage = 0;
  return {
    count(readings, line) {
      if (readings === undefined) {
        if (line.trimEnd().endsWith('}')) notJson++;
      } else if (readings.every(({ isMadeUp }) => isMadeUp)) withoutMessage++;
    },
    list() {
      const all: readonly UnreadLines[] = [
        { format: 'json', lines: notJson },
        { format: 'json-message', lines: withoutMessage },
      ];
      return all.filter(({ lines }) => lines > 0);
    },
  };
}
