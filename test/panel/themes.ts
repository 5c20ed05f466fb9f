// The variables that VS Code sets on a webview in its four themes, as far as the panel uses them.
import { defaultColors } from '../../src/protocol/report/reportTheme.ts';

export const themeNames = ['light', 'dark', 'hc', 'hclight'] as const;
export type ThemeName = (typeof themeNames)[number];

/** A narrow font in two themes and a wide one in the others: neither may break a layout. */
const faces: Readonly<Record<ThemeName, string>> = {
  dark: '"Liberation Sans", sans-serif',
  light: '"Liberation Sans", sans-serif',
  hc: '"DejaVu Sans", sans-serif',
  hclight: '"DejaVu Sans", sans-serif',
};
const everywhere = { 'editor-font-family': '"DejaVu Sans Mono", "Liberation Mono", monospace', 'font-size': '13px' };

const colors: Readonly<Record<ThemeName, Readonly<Record<string, string>>>> = {
  ...defaultColors,
  hc: {
    contrastBorder: '#6fc3df',
    contrastActiveBorder: '#f38518',
    'editor-background': '#000000',
    foreground: '#ffffff',
    descriptionForeground: '#ffffffb3',
    'icon-foreground': '#ffffff',
    focusBorder: '#f38518',
    'panel-border': '#6fc3df',
    'button-background': '#000000',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'button-secondaryForeground': '#ffffff',
    'badge-background': '#000000',
    'badge-foreground': '#ffffff',
    'input-background': '#000000',
    'input-foreground': '#ffffff',
    'input-border': '#6fc3df',
    'input-placeholderForeground': '#ffffffb3',
    'inputOption-activeBorder': '#6fc3df',
    'list-hoverBackground': '#ffffff1a',
    'charts-red': '#f48771',
    'charts-blue': '#59a4f9',
    'charts-green': '#89d185',
    'charts-yellow': '#ffd370',
    'charts-lines': '#ffffff80',
    'textLink-foreground': '#21a6ff',
    'textCodeBlock-background': '#000000',
  },
  hclight: {
    contrastBorder: '#0f4a85',
    contrastActiveBorder: '#006bbd',
    'editor-background': '#ffffff',
    foreground: '#292929',
    descriptionForeground: '#292929b3',
    'icon-foreground': '#292929',
    focusBorder: '#006bbd',
    'panel-border': '#0f4a85',
    'button-background': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0f4a85',
    'button-border': '#0f4a85',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    'badge-background': '#0f4a85',
    'badge-foreground': '#ffffff',
    'input-background': '#ffffff',
    'input-foreground': '#292929',
    'input-border': '#0f4a85',
    'input-placeholderForeground': '#292929b3',
    'inputOption-activeBorder': '#0f4a85',
    'list-hoverBackground': '#0f4a851a',
    'list-activeSelectionBackground': '#0f4a851a',
    'charts-red': '#b5200d',
    'charts-blue': '#0063d3',
    'charts-green': '#374e06',
    'charts-yellow': '#895503',
    'charts-lines': '#29292980',
    'textLink-foreground': '#0f4a85',
    'textCodeBlock-background': '#f2f2f2',
  },
};
const classes = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  hc: 'vscode-high-contrast',
  hclight: 'vscode-high-contrast vscode-high-contrast-light',
} satisfies Record<ThemeName, string>;

export interface Theme {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

export function themeOf(name: ThemeName): Theme {
  return {
    bodyClass: classes[name],
    variables: Object.fromEntries(
      Object.entries({ 'font-family': faces[name], ...everywhere, ...colors[name] }).map(([key, value]) => [
        `--vscode-${key}`,
        value,
      ]),
    ),
  };
}
