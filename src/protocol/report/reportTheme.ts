// The colours that VS Code's default dark and light themes give a webview, for a report that is read outside an editor.

/** Keyed by the name of the variable, without `--vscode-`. */
export const defaultColors = {
  dark: {
    'editor-background': '#1f1f1f',
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'icon-foreground': '#cccccc',
    focusBorder: '#0078d4',
    'panel-border': '#2b2b2b',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#026ec1',
    'button-border': '#ffffff12',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryHoverBackground': '#3c3c3c',
    'badge-background': '#616161',
    'badge-foreground': '#f8f8f8',
    'input-background': '#313131',
    'input-foreground': '#cccccc',
    'input-border': '#3c3c3c',
    'input-placeholderForeground': '#989898',
    'inputOption-activeBackground': '#2489db82',
    'inputOption-activeBorder': '#2488db',
    'list-hoverBackground': '#2a2d2e',
    'list-activeSelectionBackground': '#04395e',
    'list-activeSelectionForeground': '#ffffff',
    'charts-red': '#f14c4c',
    'charts-blue': '#59a4f9',
    'charts-green': '#89d185',
    'charts-yellow': '#cca700',
    'charts-lines': '#cccccc80',
    'textLink-foreground': '#4daafc',
    'textCodeBlock-background': '#2b2b2b',
    'toolbar-hoverBackground': '#5a5d5e50',
    'diffEditor-insertedTextBackground': '#9ccc2c33',
    'diffEditor-removedTextBackground': '#ff000033',
  },
  light: {
    'editor-background': '#ffffff',
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'icon-foreground': '#3b3b3b',
    focusBorder: '#005fb8',
    'panel-border': '#e5e5e5',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0258a8',
    'button-border': '#0000001a',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'button-secondaryHoverBackground': '#cccccc',
    'badge-background': '#cccccc',
    'badge-foreground': '#3b3b3b',
    'input-background': '#ffffff',
    'input-foreground': '#3b3b3b',
    'input-border': '#cecece',
    'input-placeholderForeground': '#767676',
    'inputOption-activeBackground': '#bed6ed',
    'inputOption-activeBorder': '#005fb8',
    'list-hoverBackground': '#f2f2f2',
    'list-activeSelectionBackground': '#e8e8e8',
    'list-activeSelectionForeground': '#000000',
    'list-focusAndSelectionOutline': '#005fb8',
    'charts-red': '#e51400',
    'charts-blue': '#0063d3',
    'charts-green': '#388a34',
    'charts-yellow': '#bf8803',
    'charts-lines': '#3b3b3b80',
    'textLink-foreground': '#005fb8',
    'textCodeBlock-background': '#f8f8f8',
    'toolbar-hoverBackground': '#b8b8b850',
    'diffEditor-insertedTextBackground': '#9ccc2c40',
    'diffEditor-removedTextBackground': '#ff000033',
  },
} as const satisfies Record<'dark' | 'light', Readonly<Record<string, string>>>;

const fonts = {
  'font-family': 'system-ui, "Segoe UI", "Liberation Sans", sans-serif',
  'editor-font-family': 'ui-monospace, Menlo, Consolas, "Liberation Mono", monospace',
  'font-size': '13px',
};

export const reportStyle = `:root { color-scheme: light dark; ${declare(fonts)} ${declare(defaultColors.light)} }
@media (prefers-color-scheme: dark) { :root { ${declare(defaultColors.dark)} } }
@media print { :root { ${declare(defaultColors.light)} } }
body {
  margin: 0;
  padding: 0 20px;
  background: var(--vscode-editor-background);
  color: var(--vscode-foreground);
  font: 13px/20px var(--vscode-font-family);
}`;

function declare(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(' ');
}
