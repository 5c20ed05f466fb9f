// Copies a text that is made only when it is asked for, and says whether that worked.
import { html, LitElement } from 'lit';
import { icon } from './icons.ts';
import { baseStyles } from './styles.ts';

const shownMs = 1500;

export class CopyButton extends LitElement {
  static override properties = { label: {}, text: { attribute: false }, said: { state: true } };
  static override styles = baseStyles;
  declare label: string;
  declare text: () => string;
  declare said: string | undefined;

  override render() {
    return html`<button class="tool" title=${this.said ?? this.label} aria-label=${this.label} @click=${() => void this.copy()}>${this.said === 'Copied' ? icon('pass', 'good') : icon(this.said ? 'unsure' : 'copy')}</button>`;
  }

  private async copy(): Promise<void> {
    this.said = await navigator.clipboard.writeText(this.text()).then(() => 'Copied', () => 'The clipboard may not be used now');
    setTimeout(() => { this.said = undefined; }, shownMs);
  }
}

customElements.define('backstop-copy', CopyButton);
