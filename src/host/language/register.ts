// Registers the language features of pipeline files. Functions that do not depend on VS Code do the work.
import * as vscode from 'vscode';
import snippets from '../../../media/snippets/parts.json' with { type: 'json' };
import type { Engine } from '../../model/runs/engine.ts';
import type { Problem } from '../../model/problem.ts';
import type { VendorDefinition } from '../../vendors/vendor.ts';
import { speakAsEditor } from '../workspace/editorLanguage.ts';
import type { LastResults } from './codeLenses.ts';
import { completionTriggers, createCompletionProvider } from './completion/completionProvider.ts';
import { createDocumentTrees } from './document/documentTrees.ts';
import { createFeedbackDiagnosis } from './diagnosis/feedbackDiagnosis.ts';
import { createFixProvider } from './fixes/fixProvider.ts';
import { createLensProvider } from './lensProvider.ts';
import {
  createDefinitionProvider,
  createHoverProvider,
  createReferenceProvider,
  createRenameProvider,
  createSymbolProvider,
} from './navigationProviders.ts';
import type { PipelineDiagnosis } from './diagnosis/pipelineDiagnosis.ts';
import { createPipelineDiagnosis, pipelineSelector } from './diagnosis/pipelineDiagnosis.ts';
import type { Schema } from './document/schema.ts';
import type { Translate } from './texts.ts';

export interface LanguageParts {
  readonly parse: Engine['parse'];
  readonly parseFeedback: (text: string, file: string) => { readonly problems: readonly Problem[] };
  readonly vendors: readonly VendorDefinition[];
  /** The last result of each stage. It is read whenever a pipeline file is drawn, so it must answer from memory. */
  readonly lastResults: LastResults;
  /** The content of media/pipeline.schema.json. */
  readonly schema: object;
}
export interface LanguageFeatures extends vscode.Disposable {
  readonly validateAll: PipelineDiagnosis['validateAll'];
  /** Reads the last results again. */
  refreshLenses(): void;
}

export function registerLanguageFeatures({
  parse,
  parseFeedback,
  vendors,
  lastResults,
  schema: given,
}: LanguageParts): LanguageFeatures {
  speakAsEditor();
  const schema = given as Schema;
  const t: Translate = (message, ...values) => vscode.l10n.t(message, ...values);
  const trees = createDocumentTrees();
  const diagnosis = createPipelineDiagnosis({ parse, schema, trees, t });
  const lenses = createLensProvider(trees, lastResults, t);
  const { languages } = vscode;
  const registered = vscode.Disposable.from(
    diagnosis,
    lenses,
    createFeedbackDiagnosis(parseFeedback, t),
    languages.registerCompletionItemProvider(
      pipelineSelector,
      createCompletionProvider(trees, { schema, snippets, t }),
      ...completionTriggers,
    ),
    languages.registerHoverProvider(pipelineSelector, createHoverProvider(trees, schema, t)),
    languages.registerDocumentSymbolProvider(pipelineSelector, createSymbolProvider(trees, t), { label: 'Backstop' }),
    languages.registerDefinitionProvider(pipelineSelector, createDefinitionProvider(trees)),
    languages.registerReferenceProvider(pipelineSelector, createReferenceProvider(trees)),
    languages.registerRenameProvider(pipelineSelector, createRenameProvider(trees, schema, t)),
    languages.registerCodeLensProvider(pipelineSelector, lenses),
    languages.registerCodeActionsProvider(
      pipelineSelector,
      createFixProvider(trees, diagnosis, { schema, vendors, t }),
      {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      },
    ),
  );
  return {
    validateAll: diagnosis.validateAll,
    refreshLenses() {
      lenses.refresh();
    },
    dispose() {
      registered.dispose();
    },
  };
}
