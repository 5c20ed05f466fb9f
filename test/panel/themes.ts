// The variables that VS Code sets on a webview in its four themes, as far as the panel uses them.

export const themeNames = ['light', 'dark', 'hc', 'hclight'] as const;
export type ThemeName = typeof themeNames[number];

/** A narrow face in two of them and a wide one in the others: neither may break a line's bounds. */
const faces: Readonly<Record<ThemeName, string>> = { dark: '"Liberation Sans", sans-serif', light: '"Liberation Sans", sans-serif', hc: '"DejaVu Sans", sans-serif', hclight: '"DejaVu Sans", sans-serif' };
const everywhere = { 'editor-font-family': '"DejaVu Sans Mono", "Liberation Mono", monospace', 'font-size': '13px' };

const colors: Readonly<Record<ThemeName, Readonly<Record<string, string>>>> = {
  dark: {
    'editor-background': '#1f1f1f', foreground: '#cccccc', descriptionForeground: '#9d9d9d', 'icon-foreground': '#cccccc', focusBorder: '#0078d4', 'panel-border': '#2b2b2b',
    'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-hoverBackground': '#026ec1', 'button-border': '#ffffff12', 'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-secondaryHoverBackground': '#3c3c3c',
    'badge-background': '#616161', 'badge-foreground': '#f8f8f8', 'input-background': '#313131', 'input-foreground': '#cccccc', 'input-border': '#3c3c3c', 'input-placeholderForeground': '#989898',
    'inputOption-activeBackground': '#2489db82', 'inputOption-activeBorder': '#2488db', 'list-hoverBackground': '#2a2d2e', 'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff',
    'charts-red': '#f14c4c', 'charts-blue': '#59a4f9', 'charts-green': '#89d185', 'charts-yellow': '#cca700', 'charts-lines': '#cccccc80', 'textLink-foreground': '#4daafc', 'textCodeBlock-background': '#2b2b2b',
    'toolbar-hoverBackground': '#5a5d5e50', 'diffEditor-insertedTextBackground': '#9ccc2c33', 'diffEditor-removedTextBackground': '#ff000033',
  },
  light: {
    'editor-background': '#ffffff', foreground: '#3b3b3b', descriptionForeground: '#3b3b3b', 'icon-foreground': '#3b3b3b', focusBorder: '#005fb8', 'panel-border': '#e5e5e5',
    'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0258a8', 'button-border': '#0000001a', 'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-secondaryHoverBackground': '#cccccc',
    'badge-background': '#cccccc', 'badge-foreground': '#3b3b3b', 'input-background': '#ffffff', 'input-foreground': '#3b3b3b', 'input-border': '#cecece', 'input-placeholderForeground': '#767676',
    'inputOption-activeBackground': '#bed6ed', 'inputOption-activeBorder': '#005fb8', 'list-hoverBackground': '#f2f2f2', 'list-activeSelectionBackground': '#e8e8e8', 'list-activeSelectionForeground': '#000000', 'list-focusAndSelectionOutline': '#005fb8',
    'charts-red': '#e51400', 'charts-blue': '#0063d3', 'charts-green': '#388a34', 'charts-yellow': '#bf8803', 'charts-lines': '#3b3b3b80', 'textLink-foreground': '#005fb8', 'textCodeBlock-background': '#f8f8f8',
    'toolbar-hoverBackground': '#b8b8b850', 'diffEditor-insertedTextBackground': '#9ccc2c40', 'diffEditor-removedTextBackground': '#ff000033',
  },
  hc: {
    contrastBorder: '#6fc3df', contrastActiveBorder: '#f38518', 'editor-background': '#000000', foreground: '#ffffff', descriptionForeground: '#ffffffb3', 'icon-foreground': '#ffffff', focusBorder: '#f38518', 'panel-border': '#6fc3df',
    'button-background': '#000000', 'button-foreground': '#ffffff', 'button-border': '#6fc3df', 'button-secondaryForeground': '#ffffff', 'badge-background': '#000000', 'badge-foreground': '#ffffff',
    'input-background': '#000000', 'input-foreground': '#ffffff', 'input-border': '#6fc3df', 'input-placeholderForeground': '#ffffffb3', 'inputOption-activeBorder': '#6fc3df', 'list-hoverBackground': '#ffffff1a',
    'charts-red': '#f48771', 'charts-blue': '#59a4f9', 'charts-green': '#89d185', 'charts-yellow': '#ffd370', 'charts-lines': '#ffffff80', 'textLink-foreground': '#21a6ff', 'textCodeBlock-background': '#000000',
  },
  hclight: {
    contrastBorder: '#0f4a85', contrastActiveBorder: '#006bbd', 'editor-background': '#ffffff', foreground: '#292929', descriptionForeground: '#292929b3', 'icon-foreground': '#292929', focusBorder: '#006bbd', 'panel-border': '#0f4a85',
    'button-background': '#0f4a85', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0f4a85', 'button-border': '#0f4a85', 'button-secondaryBackground': '#ffffff', 'button-secondaryForeground': '#292929', 'badge-background': '#0f4a85', 'badge-foreground': '#ffffff',
    'input-background': '#ffffff', 'input-foreground': '#292929', 'input-border': '#0f4a85', 'input-placeholderForeground': '#292929b3', 'inputOption-activeBorder': '#0f4a85', 'list-hoverBackground': '#0f4a851a', 'list-activeSelectionBackground': '#0f4a851a',
    'charts-red': '#b5200d', 'charts-blue': '#0063d3', 'charts-green': '#374e06', 'charts-yellow': '#895503', 'charts-lines': '#29292980', 'textLink-foreground': '#0f4a85', 'textCodeBlock-background': '#f2f2f2',
  },
};
const classes = { light: 'vscode-light', dark: 'vscode-dark', hc: 'vscode-high-contrast', hclight: 'vscode-high-contrast vscode-high-contrast-light' } satisfies Record<ThemeName, string>;

export interface Theme { readonly bodyClass: string; readonly variables: Readonly<Record<string, string>> }

export function themeOf(name: ThemeName): Theme {
  return { bodyClass: classes[name], variables: Object.fromEntries(Object.entries({ 'font-family': faces[name], ...everywhere, ...colors[name] }).map(([key, value]) => [`--vscode-${key}`, value])) };
}
