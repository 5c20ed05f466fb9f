// Every NerdGraph document that is sent fits New Relic's published schema, where a copy of it lies beside the project.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { findEntityDocument } from '../../../src/vendors/newRelic/entities.ts';
import { createDeploymentDocument, createEventDocument } from '../../../src/vendors/newRelic/markers.ts';
import { cancelDocument, writeDocument } from '../../../src/vendors/newRelic/query.ts';

const schemaFile = resolve(import.meta.dirname, '../../../shared/contracts/newrelic/nerdgraph-2026-04-19.full.graphql');

test(
  'every document is valid against the full schema',
  { skip: existsSync(schemaFile) ? false : 'needs the published NerdGraph schema beside the project' },
  () => {
    const schema = buildSchema(readFileSync(schemaFile, 'utf8'), { assumeValidSDL: true });
    const one = { metric: 'SELECT 1' },
      two = { ...one, presence: 'SELECT 2' };
    const documents = [
      createEventDocument,
      createDeploymentDocument,
      findEntityDocument,
      cancelDocument,
      ...(
        [
          [one, {}],
          [one, { metric: '1' }],
          [two, {}],
          [two, { metric: '1' }],
          [two, { presence: '2' }],
          [two, { metric: '1', presence: '2' }],
        ] as const
      ).map(([queries, running]) => writeDocument(7, queries, running as Record<string, string>).document),
    ];
    for (const document of documents)
      assert.deepEqual(
        validate(schema, parse(document)).map(error => error.message),
        [],
        document,
      );
  },
);
