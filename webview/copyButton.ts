// Copies a text that is created on request, and shows whether that worked.
import { html, LitElement } from 'lit';
import { t } from '../src/protocol/words/translate.ts';
import { icon } from './icons.ts';
import { baseStyles } from './styles.ts';

const shownMs = 1500;

export class CopyButton extends LitElement {
  static override properties = { label: {}, text: { attribute: false }, went: { state: true } };
  static override styles = baseStyles;
  declare label: string;
  declare text: () => string;
  /** The result of the last copy, for a moment. */
  declare went: 'well' | 'badly' | undefined;

  override render() {
    return html`<button
      class="tool"
      title=${
        this.went === undefined ? this.label : this.went === 'well' ? t('Copied') : t('The clipboard is not available')
      }
      aria-label=${this.label}
      @click=${() => void this.copy()}
    >
      ${this.went === 'well' ? icon('pass', 'good') : icon(this.went ? 'unsure' : 'copy')}
    </button>`;
  }

  private async copy(): Promise<void> {
    this.went = await navigator.clipboard.writeText(this.text()).then(
      () => 'well' as const,
      () => 'badly' as const,
    );
    setTimeout(() => {
      this.went = undefined;
    }, shownMs);
  }
}

customElements.define('backstop-copy', CopyButton);
