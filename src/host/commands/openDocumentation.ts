// Open Documentation: the pages in the extension, in the editor's Markdown preview.
import * as vscode from 'vscode';
import type { HostServices } from '../hostServices.ts';

/** `given` may name a page and a section, as links in hovers do: `pipeline-file.md#stages`. */
export async function openDocumentation({ context }: HostServices, given: unknown): Promise<void> {
  const [, page = 'README.md', fragment = ''] =
    typeof given === 'string' ? (/^([a-z-]+\.md)(?:#([a-z-]+))?$/.exec(given) ?? []) : [];
  const file = vscode.Uri.joinPath(context.extensionUri, 'media', 'docs', page);
  try {
    await vscode.commands.executeCommand('markdown.showPreview', file.with({ fragment }));
  } catch {
    // If the editor's Markdown extension is disabled, the page is shown as source text.
    await vscode.window.showTextDocument(file);
  }
}
