// The JSON Schema that editors complete, describe and underline pipeline files with.
import { z } from 'zod';
import { pipelineSchema } from './schema.ts';

/** Draft 7, of the file as it is written: what has a default is optional. */
export function pipelineJsonSchema(): object {
  return z.toJSONSchema(pipelineSchema, { target: 'draft-7', io: 'input' });
}
