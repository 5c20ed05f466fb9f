// What is known of the lines of one role and node while they come in.
import type { JournalEntry } from '../formats/journalExport.ts';
import type { OpenRecord } from './records.ts';
import type { Columns } from '../formats/w3cLog.ts';

export interface Stream<Member> {
  readonly records: OpenRecord<Member>[];
  /** The record that took the last line. */
  latest: OpenRecord<Member> | undefined;
  /** The pieces of a line that was too long for what handed it on. */
  pieces: { text: string; readonly members: Member[] } | undefined;
  /** Of a log that names its columns. */
  columns: Columns | undefined;
  /** Of the journal's export, where an entry is open. */
  entry: JournalEntry<Member> | undefined;
  /** It has columns or an entry. */
  isSpecial: boolean;
}

export function createStream<Member>(): Stream<Member> {
  return { records: [], latest: undefined, pieces: undefined, columns: undefined, entry: undefined, isSpecial: false };
}
