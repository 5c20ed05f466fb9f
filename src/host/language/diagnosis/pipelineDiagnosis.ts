// Problems of pipeline files in the editor, shown a moment after the last key press and found by the engine's parser.
import * as vscode from 'vscode';
import type { Engine } from '../../../model/runs/engine.ts';
import type { Problem } from '../../../model/problem.ts';
import { diagnosticOf } from './diagnostic.ts';
import type { DocumentTrees } from '../document/documentTrees.ts';
import { createPauses } from './pauses.ts';
import type { Schema } from '../document/schema.ts';
import { problemsToShow } from './shownProblems.ts';
import type { Translate } from '../texts.ts';

const pauseMs = 150;
const yamlExtension = 'redhat.vscode-yaml';
export const pipelinePattern = '**/.backstop/pipelines/*.{yaml,yml}';
export const pipelineSelector: vscode.DocumentFilter = { language: 'yaml', scheme: 'file', pattern: pipelinePattern };
const anyLanguage: vscode.DocumentFilter = { scheme: 'file', pattern: pipelinePattern };

export interface PipelineDiagnosis extends vscode.Disposable {
  /** All problems of the document once typing has paused, including those that the YAML extension shows. */
  problemsOf(document: vscode.TextDocument): Promise<readonly Problem[]>;
  /** Checks every pipeline file of the workspace. Returns the number of files, and how many of them have errors. */
  validateAll(): Promise<{ readonly files: number; readonly broken: number }>;
}

export interface DiagnosisParts {
  readonly parse: Engine['parse'];
  readonly schema: Schema;
  readonly trees: DocumentTrees;
  readonly t: Translate;
}

export function createPipelineDiagnosis(parts: DiagnosisParts): PipelineDiagnosis {
  const collection = vscode.languages.createDiagnosticCollection('backstop');
  const pauses = createPauses(pauseMs);
  const read = createProblemReader(parts.parse);
  const keyOf = (document: vscode.TextDocument): string => document.uri.toString();

  function check(document: vscode.TextDocument): boolean {
    if (!isPipeline(document)) return true;
    pauses.stop(keyOf(document));
    const problems = read(document);
    collection.set(
      document.uri,
      shownOf(problems, document, parts).map(problem => diagnosticOf(problem, document, parts.t)),
    );
    return !problems.some(problem => problem.severity === 'error');
  }
  function checkSoon(document: vscode.TextDocument): void {
    if (isPipeline(document))
      pauses.soon(keyOf(document), () => {
        if (!document.isClosed) check(document);
      });
  }
  function checkOpen(): void {
    for (const document of vscode.workspace.textDocuments) check(document);
  }
  function open(document: vscode.TextDocument): void {
    check(document);
    activateYamlExtension(document, checkOpen);
  }
  // A file can be deleted by anyone, such as a branch switch in a terminal.
  const watcher = vscode.workspace.createFileSystemWatcher(pipelinePattern, true, true);
  const subscriptions = [
    collection,
    watcher,
    watcher.onDidDelete(file => collection.delete(file)),
    pauses,
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidChangeTextDocument(({ document }) => checkSoon(document)),
    vscode.workspace.onDidCloseTextDocument(document => pauses.stop(keyOf(document))),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration('yaml.validate')) checkOpen();
    }),
    vscode.extensions.onDidChange(checkOpen),
  ];
  for (const document of vscode.workspace.textDocuments) open(document);
  return {
    async problemsOf(document) {
      await pauses.settled(keyOf(document));
      return document.isClosed ? [] : read(document);
    },
    async validateAll() {
      const files = await vscode.workspace.findFiles(pipelinePattern);
      const good = await Promise.all(files.map(async file => check(await vscode.workspace.openTextDocument(file))));
      return { files: files.length, broken: good.filter(isGood => !isGood).length };
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** The YAML extension is activated by the first YAML document; until then, Backstop shows all problems itself. */
function activateYamlExtension(document: vscode.TextDocument, done: () => void): void {
  const yaml = vscode.extensions.getExtension(yamlExtension);
  if (yaml && !yaml.isActive && vscode.languages.match(pipelineSelector, document) > 0)
    void yaml.activate().then(done, done);
}

function isPipeline(document: vscode.TextDocument): boolean {
  return vscode.languages.match(anyLanguage, document) > 0;
}

/** Parses each version of a document only once. */
function createProblemReader(parse: Engine['parse']): (document: vscode.TextDocument) => readonly Problem[] {
  const known = new WeakMap<vscode.TextDocument, { readonly version: number; readonly problems: readonly Problem[] }>();
  return document => {
    const before = known.get(document);
    if (before?.version === document.version) return before.problems;
    const { problems } = parse(document.getText(), vscode.workspace.asRelativePath(document.uri));
    known.set(document, { version: document.version, problems });
    return problems;
  };
}

function shownOf(
  problems: readonly Problem[],
  document: vscode.TextDocument,
  { trees, schema }: DiagnosisParts,
): readonly Problem[] {
  return problemsToShow(
    problems,
    trees.treeOf(document),
    schema,
    document.languageId === 'yaml' && yamlExtensionChecks(document),
  );
}

function yamlExtensionChecks(document: vscode.TextDocument): boolean {
  return (
    vscode.extensions.getExtension(yamlExtension)?.isActive === true &&
    vscode.workspace.getConfiguration('yaml', document.uri).get('validate', true)
  );
}
