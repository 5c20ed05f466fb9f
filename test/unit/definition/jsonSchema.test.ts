// Keeps the JSON Schema that editors read the same as the code. `BACKSTOP_UPDATE_FIXTURES=1` rewrites it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pipelineJsonSchema } from '../../../src/definition/schema/jsonSchema.ts';

const file = join(import.meta.dirname, '../../../media/pipeline.schema.json');
const schema = pipelineJsonSchema();

test('media/pipeline.schema.json is what the code says', () => {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env['BACKSTOP_UPDATE_FIXTURES']) writeFileSync(file, text);
  assert.equal(readFileSync(file, 'utf8'), text);
});

test('every key of the schema has a description or a default that explains it', () => {
  const bare: string[] = [];
  visit(schema, '', (path, part) => {
    if (part['description'] === undefined) bare.push(path);
  });
  assert.deepEqual(bare, []);
});

type Part = Readonly<Record<string, unknown>>;
function visit(part: unknown, path: string, look: (path: string, part: Part) => void): void {
  if (typeof part !== 'object' || part === null) return;
  const { properties = {}, ...rest } = part as Part & { properties?: Readonly<Record<string, Part>> };
  for (const [key, inner] of Object.entries(properties)) {
    look(`${path}.${key}`, inner);
    visit(inner, `${path}.${key}`, look);
  }
  for (const inner of Object.values(rest)) visit(inner, path, look);
}
