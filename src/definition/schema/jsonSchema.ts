// The JSON Schema that editors complete, describe and underline pipeline files with.
import { z } from 'zod';
import { definitions } from '../../vendors/definitions.ts';
import { pipelineSchemaOf } from './schema.ts';

/** Draft 7, of the file as it is written: what has a default is optional. */
export function pipelineJsonSchema(vendors = definitions): object {
  return z.toJSONSchema(pipelineSchemaOf(vendors), {
    target: 'draft-7',
    io: 'input',
    // Keys of the writer's own, which nobody completes.
    override({ jsonSchema }) {
      if (jsonSchema.type === 'object' && jsonSchema.additionalProperties === false)
        jsonSchema.patternProperties = { '^x-': {} };
    },
  });
}
