// A measurement of one's own: a program that answers whether the release is good.
import { z } from 'zod';
import { errorAt, type Report } from '../../model/file/drafts.ts';
import { toMs } from '../../model/file/durations.ts';
import { oneOf, textValues } from '../../model/file/fields.ts';
import { child, entryOf, type Entry } from '../../model/file/place.ts';
import { checkProgramCommand, programCommand, programFields } from '../../model/file/programFields.ts';
import type { CompiledSource, VendorDefinition } from '../vendor.ts';
import { vendor, type ScriptSource } from './options.ts';

const exitCode = (description: string, fallback: number) =>
  z.int().min(1).max(125).default(fallback).meta({ description });

const sourceSchema = () =>
  z
    .strictObject({
      ...programCommand(
        'command',
        'It answers with its exit code, or with `{"answer": "fail", "reason": "..."}` as its last line. ' +
          '`BACKSTOP_NODES`, `BACKSTOP_VERSION`, `BACKSTOP_OTHER_NODES` and `BACKSTOP_SINCE` say what it measures.',
      ),
      ask: oneOf(
        '`each-evaluation` asks at every evaluation of a verification, and the latest answer counts. ' +
          '`once-per-phase` asks until there is an answer.',
        ['each-evaluation', 'once-per-phase'],
      ).default('each-evaluation'),
      failures: z
        .int()
        .min(1)
        .max(100)
        .default(1)
        .meta({ description: 'Answers of `fail` in a row that fail the verification; 1 fails at once.' }),
      exitCodes: z
        .strictObject({
          fail: exitCode('Says `fail`. By default 10, since a program that breaks often ends with 1.', 10),
          inconclusive: exitCode('Says `inconclusive`.', 20),
        })
        .prefault({})
        .meta({
          description:
            'The meaning of its exit codes. 0 is a pass; a code that is neither 0 nor listed here is no answer.',
        }),
      onFailure: oneOf(
        'What its failure leads to, instead of the `onFailure` of the stage: `rollback`, or `hold`, which asks a ' +
          'user and stays as it is.',
        ['rollback', 'hold'],
      ).optional(),
      ...programFields('10m'),
    })
    .meta({ description: 'A measurement of your own: a program that answers pass, fail or inconclusive.' });

type SourceText = z.output<ReturnType<typeof sourceSchema>>;

export const script: VendorDefinition = {
  kind: vendor,
  title: 'Script',
  source: { schema: sourceSchema, check: checkSource, compile: compileSource },
};

function compileSource(given: unknown): CompiledSource {
  const { command, ask, failures, onFailure, variables, timeout, ...options } = given as SourceText;
  const { shell, directory, environment, exitCodes } = options;
  return {
    kind: 'measurement',
    delayMs: 0,
    ask,
    failures,
    ...(onFailure !== undefined && { onFailure }),
    options: {
      command: Array.isArray(command) ? command.map(String) : [command],
      shell,
      directory,
      environment,
      exitCodes,
      variables: textValues(variables),
      timeoutMs: toMs(timeout),
    },
  } satisfies Omit<ScriptSource, 'name' | 'vendor'>;
}

function checkSource(source: Entry, report: Report): void {
  checkProgramCommand(source, 'command', report);
  const codes = child(source.value, 'exitCodes'),
    fails = child(codes, 'fail'),
    undecided = child(codes, 'inconclusive');
  const valueOf = (place: typeof fails, fallback: number): unknown =>
    place?.kind === 'scalar' ? place.value : fallback;
  const entry = entryOf(source.value, 'exitCodes');
  if (entry && valueOf(fails, 10) === valueOf(undecided, 20))
    report(
      errorAt(entry.keySpan, 'wrong-form', 'An exit code says one thing: `fail` and `inconclusive` are the same.'),
    );
}
