// Golden transcripts: text files beside the tests; UPDATE_GOLDEN=1 writes them anew, for a person to read before
// committing.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.env['TZ'] = 'UTC';
const folder = join(import.meta.dirname, 'golden');

export function assertGolden(name: string, text: string): void {
  const path = join(folder, `${name}.txt`);
  if (process.env['UPDATE_GOLDEN']) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
    return;
  }
  assert.ok(existsSync(path), `${path} is missing: run with UPDATE_GOLDEN=1 and read what it says`);
  assert.equal(text, readFileSync(path, 'utf8'));
}
