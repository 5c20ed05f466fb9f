// The JSON Schema by which editors complete, describe and validate pipeline files.
import { z } from 'zod';
import { definitions } from '../../vendors/definitions.ts';
import { pipelineSchemaOf } from './schema.ts';

/** In draft 7. It describes the file as users write it, so keys with a default are optional. */
export function pipelineJsonSchema(vendors = definitions): object {
  return z.toJSONSchema(pipelineSchemaOf(vendors), {
    target: 'draft-7',
    io: 'input',
    // Allows keys that begin with `x-`, which completion does not offer.
    override({ jsonSchema }) {
      if (jsonSchema.type === 'object' && jsonSchema.additionalProperties === false)
        jsonSchema.patternProperties = { '^x-': {} };
    },
  });
}
