// The export format of systemd's journal: one field a line, entries apart by a blank line
// (systemd.io/JOURNAL_EXPORT_FORMATS).
import type { Reading } from './reading.ts';
import { readObject } from './structured.ts';

/** An entry of which not all lines were seen yet. */
export interface JournalEntry<Member> {
  readonly fields: Record<string, string>;
  readonly members: Member[];
  /** The field whose value, with eight bytes of its length before it, is the next line. */
  pending: string | undefined;
}

const mostLines = 500,
  longestName = 64;

/** Whether a line begins an entry. */
export function beginsEntry(line: string): boolean {
  return /^__(?:CURSOR|REALTIME_TIMESTAMP|MONOTONIC_TIMESTAMP|SEQNUM)=/.test(line);
}

export function createEntry<Member>(): JournalEntry<Member> {
  return { fields: {}, members: [], pending: undefined };
}

/** Adds a line to an entry; the record that it is once it is whole, undefined before. */
export function addToEntry<Member>(
  entry: JournalEntry<Member>,
  line: string,
  member: Member,
): readonly Reading[] | undefined {
  entry.members.push(member);
  if (line === '' || entry.members.length >= mostLines) return readObject(entry.fields, 0);
  if (entry.pending !== undefined) {
    // The length goes, as far as it is no text.
    entry.fields[entry.pending] = line.replace(/^[^\p{L}\p{N}]{0,8}/u, '');
    entry.pending = undefined;
    return undefined;
  }
  const equals = line.indexOf('=');
  if (equals > 0 && equals <= longestName) entry.fields[line.slice(0, equals)] = line.slice(equals + 1);
  else if (/^[A-Z_][A-Z0-9_]*$/.test(line)) entry.pending = line;
  return undefined;
}
