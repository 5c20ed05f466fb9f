// Whether the panel has two columns: then a log event is shown beside the list, otherwise below its row.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** In CSS pixels; the style sheet of the panel repeats it. */
const leastWidth = 1200;

/** Renders its element again when the panel becomes wide or narrow. */
export class WideScreen implements ReactiveController {
  private readonly query = matchMedia(`(min-width: ${leastWidth}px)`);
  private readonly host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.host = host;
    host.addController(this);
  }

  get isWide(): boolean {
    return this.query.matches;
  }

  hostConnected(): void {
    this.query.addEventListener('change', this.tell);
  }

  hostDisconnected(): void {
    this.query.removeEventListener('change', this.tell);
  }

  private readonly tell = (): void => this.host.requestUpdate();
}
