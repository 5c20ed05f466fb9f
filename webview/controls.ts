// The only file that knows the UI toolkit: the panel's controls, under tags that the maintained successor shares.
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';

/**
 * The toolkit's badge writes a style attribute, which the page's policy forbids: only controls without one are
 * registered.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}
