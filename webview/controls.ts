// The only file that knows the UI toolkit: the controls that the panel uses, under the names that its maintained successor shares.
import { provideVSCodeDesignSystem, vsCodeTag } from '@vscode/webview-ui-toolkit';

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeTag());
}
