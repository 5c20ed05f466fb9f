// `backstop validate`: reports all mistakes of the pipeline files at once, in the format of compilers.
import { fail } from '../../model/failure.ts';
import { formatProblem } from '../../model/problem.ts';
import { formatCount } from '../../protocol/words/format.ts';
import { done, jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { exitStatus } from '../exitStatus.ts';
import { listPipelineFiles, parsePipelineFile } from '../findPipeline.ts';
import type { ParsedFile } from '../findPipeline.ts';
import { toned } from '../screen/line.ts';

export const validate: Command = {
  name: 'validate',
  group: 'Start here',
  summary: 'Checks pipeline files and reports every mistake with its position.',
  usage: '[FILE...] [--json]',
  details: [
    'Without a FILE it checks .backstop/pipelines/*.yaml. Problems are printed as FILE:LINE:COLUMN, ' +
      'so that editors and terminals can link to them.',
  ],
  positional: { name: 'FILE', minimum: 0, maximum: Infinity },
  options: jsonOption,
  statuses: { 0: 'no mistake (there may be warnings)', 3: 'a mistake, or a file that cannot be read' },
  examples: ['backstop validate', 'backstop validate .backstop/pipelines/storefront.yaml --json'],
  async run({ engine, dependencies: { cwd }, given, output }) {
    const opened = await engine();
    if (!opened.ok) return opened;
    const files = given.positionals.length ? given.positionals : listPipelineFiles(cwd);
    if (files.length === 0)
      return fail('not-found', 'There is no pipeline: .backstop/pipelines/ has no YAML file here.', {
        hint: 'Change to the workspace folder, or give the path of a pipeline file.',
      });
    const parsed: ParsedFile[] = [];
    for (const file of files) {
      const one = parsePipelineFile(opened.value, cwd, file);
      if (!one.ok) return one;
      parsed.push(one.value);
    }
    const problems = parsed.flatMap(one => one.problems);
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    if (given.flag('json')) output.json({ ok: errors === 0, files: parsed.map(({ file }) => file), problems });
    else {
      for (const problem of problems)
        output.line([toned(problem.severity === 'error' ? 'bad' : 'warn', formatProblem(problem))]);
      const warnings = problems.length - errors;
      output.line([
        errors
          ? `${formatCount(errors, 'mistake')} in ${formatCount(parsed.length, 'file')}`
          : `${formatCount(parsed.length, 'file')} checked, no mistake`,
        warnings ? `, ${formatCount(warnings, 'warning')}` : '',
      ]);
    }
    return done(errors ? exitStatus.invalid : exitStatus.good);
  },
};
