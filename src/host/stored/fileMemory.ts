// Storage that writes to disk immediately. The editor's own storage writes later, and a reload right after could lose
// it.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Memory } from '../runs/ownRuns.ts';

/** One JSON file; a missing or damaged file counts as empty. */
export function createFileMemory(path: string): Memory {
  function readAll(): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
      return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
    } catch {
      return {};
    }
  }
  return {
    get: key => readAll()[key],
    update(key, value) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.new`, JSON.stringify({ ...readAll(), [key]: value }));
      renameSync(`${path}.new`, path);
      return Promise.resolve();
    },
  };
}
