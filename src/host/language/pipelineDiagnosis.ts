// Problems of pipeline files in the editor, a moment after the last key press, by the same parser that the engine uses.
import * as vscode from 'vscode';
import type { Engine } from '../../model/engine.ts';
import type { Problem } from '../../model/problem.ts';
import type { DocumentTrees } from './documentTrees.ts';
import { rangeIn } from './documentTrees.ts';
import { problemRange } from './problemRange.ts';
import type { Schema } from './schema.ts';
import { problemsToShow } from './shownProblems.ts';
import type { Translate } from './texts.ts';

const pauseMs = 150;
const yamlExtension = 'redhat.vscode-yaml';
export const pipelinePattern = '**/.backstop/pipelines/*.{yaml,yml}';
export const pipelineSelector: vscode.DocumentFilter = { language: 'yaml', scheme: 'file', pattern: pipelinePattern };
const anyLanguage: vscode.DocumentFilter = { scheme: 'file', pattern: pipelinePattern };

export interface PipelineDiagnosis extends vscode.Disposable {
  /** All problems of the document as it is now, those too that are left to the YAML extension. */
  problemsOf(document: vscode.TextDocument): readonly Problem[];
  /** Checks every pipeline file of the workspace; answers how many there are and how many have errors. */
  validateAll(): Promise<{ readonly files: number; readonly broken: number }>;
}

export interface DiagnosisParts {
  readonly parse: Engine['parse'];
  readonly schema: Schema;
  readonly trees: DocumentTrees;
  readonly t: Translate;
}

export function createPipelineDiagnosis({ parse, schema, trees, t }: DiagnosisParts): PipelineDiagnosis {
  const collection = vscode.languages.createDiagnosticCollection('backstop');
  const known = new WeakMap<vscode.TextDocument, { readonly version: number; readonly problems: readonly Problem[] }>();
  const waiting = new Map<string, NodeJS.Timeout>();

  function problemsOf(document: vscode.TextDocument): readonly Problem[] {
    const before = known.get(document);
    if (before?.version === document.version) return before.problems;
    const { problems } = parse(document.getText(), vscode.workspace.asRelativePath(document.uri));
    known.set(document, { version: document.version, problems });
    return problems;
  }
  function check(document: vscode.TextDocument): boolean {
    if (vscode.languages.match(anyLanguage, document) === 0) return true;
    stopWaiting(document);
    const problems = problemsOf(document);
    const shown = problemsToShow(problems, trees.treeOf(document), schema, document.languageId === 'yaml' && yamlExtensionChecks(document));
    collection.set(document.uri, shown.map(problem => diagnosticOf(problem, document, t)));
    return !problems.some(problem => problem.severity === 'error');
  }
  function checkSoon(document: vscode.TextDocument): void {
    if (vscode.languages.match(anyLanguage, document) === 0) return;
    stopWaiting(document);
    waiting.set(document.uri.toString(), setTimeout(() => { if (!document.isClosed) check(document); }, pauseMs));
  }
  function stopWaiting(document: vscode.TextDocument): void {
    clearTimeout(waiting.get(document.uri.toString()));
    waiting.delete(document.uri.toString());
  }
  function checkOpen(): void {
    for (const document of vscode.workspace.textDocuments) check(document);
  }
  /** It starts with the first YAML document; until it has, all problems are shown here. */
  function open(document: vscode.TextDocument): void {
    check(document);
    const yaml = vscode.extensions.getExtension(yamlExtension);
    if (yaml && !yaml.isActive && vscode.languages.match(pipelineSelector, document) > 0) void yaml.activate().then(checkOpen, checkOpen);
  }
  const subscriptions = [
    collection,
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidChangeTextDocument(({ document }) => { checkSoon(document); }),
    vscode.workspace.onDidCloseTextDocument(stopWaiting),
    vscode.workspace.onDidDeleteFiles(({ files }) => { for (const file of files) collection.delete(file); }),
    vscode.workspace.onDidChangeConfiguration(change => { if (change.affectsConfiguration('yaml.validate')) checkOpen(); }),
    vscode.extensions.onDidChange(checkOpen),
  ];
  for (const document of vscode.workspace.textDocuments) open(document);
  return {
    problemsOf,
    async validateAll() {
      const files = await vscode.workspace.findFiles(pipelinePattern);
      const good = await Promise.all(files.map(async file => check(await vscode.workspace.openTextDocument(file))));
      return { files: files.length, broken: good.filter(isGood => !isGood).length };
    },
    dispose() {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function yamlExtensionChecks(document: vscode.TextDocument): boolean {
  return vscode.extensions.getExtension(yamlExtension)?.isActive === true && vscode.workspace.getConfiguration('yaml', document.uri).get('validate', true);
}

function diagnosticOf(problem: Problem, document: vscode.TextDocument, t: Translate): vscode.Diagnostic {
  const { severity, code, message, found, allowed } = problem;
  const details = [message, ...(found === undefined ? [] : [t('Found: {0}.', found)]), ...(allowed?.length ? [t('Allowed: {0}.', allowed.join(', '))] : [])];
  const range = rangeIn(document, problemRange(problem, document.getText()));
  const diagnostic = new vscode.Diagnostic(range, details.join(' '), severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'Backstop';
  diagnostic.code = code;
  if (code === 'unused-hook') diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}
