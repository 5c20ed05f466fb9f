// Every NerdGraph document that is sent fits New Relic's published schema, where a copy of it lies beside the project.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { writeDocument } from '../../src/adapters/newRelic.ts';
import { createDeploymentDocument, createEventDocument } from '../../src/adapters/newRelicMarkers.ts';

const schemaFile = resolve(import.meta.dirname, '../../../shared/contracts/newrelic/nerdgraph-2026-04-19.full.graphql');

test('every document is valid against the full schema', { skip: existsSync(schemaFile) ? false : 'needs the published NerdGraph schema beside the project' }, () => {
  const schema = buildSchema(readFileSync(schemaFile, 'utf8'), { assumeValidSDL: true });
  const gauge = { nrql: 'SELECT 1' }, count = { ...gauge, presence: 'SELECT 2' };
  const documents = [
    createEventDocument, createDeploymentDocument,
    ...[[gauge, {}], [gauge, { metric: '1' }], [count, {}], [count, { metric: '1' }], [count, { presence: '2' }], [count, { metric: '1', presence: '2' }]].map(([query, running]) => writeDocument(7, query as typeof count, running as object).document),
  ];
  for (const document of documents) assert.deepEqual(validate(schema, parse(document)).map(error => error.message), [], document);
});
