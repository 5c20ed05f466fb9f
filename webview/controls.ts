// The only file that knows the UI toolkit: the controls that the panel uses, under the names that its maintained
// successor shares.
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';

/**
 * The toolkit's badge writes a style attribute, which the page's policy forbids: only what needs none is registered.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}
