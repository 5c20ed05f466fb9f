// The GraphQL schema of the local New Relic is a part of the vendor's own, where a copy of that is at hand.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLNamedType,
} from 'graphql';
import { nerdGraphSchema } from '../../../src/demo/newRelic/nerdGraphSchema.ts';

const vendorFiles = ['nerdgraph-emulator-subset.graphql', 'nerdgraph-2026-04-19.full.graphql'].map(
  name => new URL(`../../../../shared/contracts/newrelic/${name}`, import.meta.url),
);
for (const file of vendorFiles) {
  test(
    `every type, field, argument and value exists in ${file.pathname.split('/').at(-1)} with the same type`,
    { skip: existsSync(file) ? false : "the vendor's schema is not on this machine" },
    () => {
      assert.deepEqual(differences(buildSchema(readFileSync(file, 'utf8')).getTypeMap()), []);
    },
  );
}

/** The vendor's schema is at hand without what is deprecated in it. */
const isListed = ({ deprecationReason }: { readonly deprecationReason?: string | null }): boolean =>
  deprecationReason === undefined || deprecationReason === null;

function differences(vendor: Readonly<Record<string, GraphQLNamedType>>): readonly string[] {
  const found: string[] = [];
  for (const [name, ours] of Object.entries(nerdGraphSchema().getTypeMap())) {
    if (name.startsWith('__') || ['Int', 'String', 'Boolean', 'ID', 'Float'].includes(name)) continue;
    const theirs = vendor[name];
    if (theirs?.constructor !== ours.constructor) {
      found.push(name);
      continue;
    }
    if (isEnumType(ours) && isEnumType(theirs))
      found.push(
        ...ours
          .getValues()
          .filter(value => !theirs.getValue(value.name))
          .map(value => `${name}.${value.name}`),
      );
    if ((isObjectType(ours) || isInterfaceType(ours)) && (isObjectType(theirs) || isInterfaceType(theirs))) {
      for (const field of Object.values(ours.getFields()).filter(isListed)) {
        const same = theirs.getFields()[field.name];
        const signature = (args: readonly GraphQLArgument[]) =>
          args
            .map(argument => `${argument.name}: ${String(argument.type)} ${JSON.stringify(argument.defaultValue)}`)
            .sort()
            .join();
        if (String(same?.type) !== String(field.type) || signature(field.args) !== signature(same!.args))
          found.push(`${name}.${field.name}`);
      }
    }
    if (isInputObjectType(ours) && isInputObjectType(theirs)) {
      for (const field of Object.values(ours.getFields()).filter(isListed))
        if (String(theirs.getFields()[field.name]?.type) !== String(field.type)) found.push(`${name}.${field.name}`);
      const missing = Object.values(theirs.getFields())
        .filter(field => !ours.getFields()[field.name])
        .map(field => field.name);
      if (name.startsWith('ChangeTracking') && missing.length > 0) found.push(`${name} lacks ${missing.join()}`);
    }
  }
  return found;
}
