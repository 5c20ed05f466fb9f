// Turns bytes that arrive in pieces into whole, redacted lines of bounded length.
import type { Redactor } from '../../../model/redact.ts';

export interface LineWriter {
  push(bytes: Uint8Array): void;
  /** Writes what is left as a last line. */
  end(): void;
}

/** A line longer than this is written in parts. */
const longestLine = 64 * 1024;

/**
 * `write` gets whole lines, each with its `\n`, as many as came at once. Characters cut between two pieces stay whole.
 */
export function createLineWriter(redactor: Redactor, write: (text: string) => void): LineWriter {
  const decoder = new TextDecoder();
  const redacted = redactor.stream();
  let held = '';
  const take = (text: string): void => {
    held += text;
    const lines = held.lastIndexOf('\n') + 1;
    const ready = lines > 0 ? lines : held.length > longestLine ? held.length : 0;
    if (ready === 0) return;
    const whole = held.slice(0, ready);
    held = held.slice(ready);
    write(whole.endsWith('\n') ? whole : `${whole}\n`);
  };
  return {
    push: bytes => take(redacted.push(decoder.decode(bytes, { stream: true }))),
    end() {
      take(redacted.push(decoder.decode()) + redacted.end());
      if (held !== '') write(`${held}\n`);
      held = '';
    },
  };
}
