// The HTML document around the panel, the same in the editor, in a report and in the tests: one head and one policy.
import { langOf, wordsData, type PageLanguage } from './words/pageLanguage.ts';

export interface PanelPage {
  readonly title: string;
  /** Allows the page's own scripts and styles, and nothing else. */
  readonly nonce: string;
  /** Further directives of the content security policy, e.g. `form-action 'none'`. */
  readonly policy: readonly string[];
  /** The language the page is written in; absent: English. */
  readonly language?: PageLanguage | undefined;
  /** The content of a `<style>` element. */
  readonly style?: string;
  /** Elements next to the panel. */
  readonly body?: readonly string[];
  /** Where the built panel is loaded from, or its code itself. */
  readonly script: { readonly from: string } | { readonly code: string };
}

export function panelPage({ title, nonce, policy, language, style, body = [], script }: PanelPage): string {
  const directives = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    ...policy,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${langOf(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${directives}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
${style === undefined ? '' : `<style nonce="${nonce}">${style}</style>`}
</head>
<body>
<backstop-run></backstop-run>
${body.join('\n')}
${wordsData(language)}
${
  'from' in script
    ? `<script type="module" nonce="${nonce}" src="${script.from}"></script>`
    : `<script type="module" nonce="${nonce}">${script.code}</script>`
}
</body>
</html>
`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
