import { html, nothing } from 'lit-html';
import { ChatElement } from './base.js';
import { css } from './element.js';
import { chatIcon } from './icon.js';
import { ahead } from './later.js';
import { capped } from './words.js';

/**
 * `<chat-badge>`: the button in the navigation, with the number of unread messages. It opens the
 * page's `<chat-panel>`, or the one that `for` names, or makes one.
 *
 * @slot - an icon of one's own
 * @csspart button
 * @csspart count
 */
export class ChatBadge extends ChatElement {
  /** @override */
  static properties = { ...ChatElement.properties, for: {}, pulse: { attribute: false } };

  /** @override */
  static styles = [
    ...ChatElement.styles,
    css`
      :host {
        display: inline-block;
      }
      button {
        position: relative;
        display: grid;
        place-items: center;
        width: 44px;
        height: 44px;
        border-radius: 50%;
      }
      button:hover {
        background: light-dark(rgb(0 0 0 / 0.06), rgb(255 255 255 / 0.1));
      }
      button svg,
      ::slotted(svg) {
        width: 24px;
        height: 24px;
      }
      .count {
        position: absolute;
        inset-block-start: 1px;
        inset-inline-end: 0;
        height: 20px;
        min-width: 20px;
        padding-inline: 5px;
        font-size: 11px;
        box-shadow: 0 0 0 2px var(--_surface);
      }
      .pulse {
        animation: pulse 0.7s ease-out 2;
      }
      @keyframes pulse {
        0% {
          box-shadow:
            0 0 0 2px var(--_surface),
            0 0 0 2px var(--_badge);
          scale: 1;
        }
        40% {
          scale: 1.18;
        }
        100% {
          box-shadow:
            0 0 0 2px var(--_surface),
            0 0 0 14px transparent;
          scale: 1;
        }
      }
    `,
  ];

  #shown = Infinity;

  constructor() {
    super();
    /** The id of the panel to open. @type {string | undefined} */
    this.for = undefined;
    this.pulse = false;
  }

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    // What was there already when one came is no news.
    const total = this.state?.welcomed ? this.state.total : Infinity;
    if (total > this.#shown) this.pulse = true;
    this.#shown = total;
  }

  /** The panel that it opens; made where there is none. */
  get panel() {
    const root = /** @type {Document} */ (this.getRootNode());
    let panel = /** @type {import('./panel.js').ChatPanel | null} */ (
      this.for ? root.getElementById(this.for) : document.querySelector('chat-panel')
    );
    if (!panel) {
      panel = /** @type {import('./panel.js').ChatPanel} */ (document.createElement('chat-panel'));
      panel.client = this.client;
      panel.theme = this.theme;
      if (this.lang) panel.lang = this.lang;
      document.body.append(panel);
    }
    return panel;
  }

  /** @override */
  render() {
    const total = this.state?.total ?? 0;
    const label = this.say.text('openChat');
    const unread = total ? this.say.text('unread', { n: total > 99 ? capped(total) : total }) : '';
    return html`
      <button
        part="button"
        type="button"
        aria-haspopup="dialog"
        aria-label=${total ? `${label}, ${unread}` : label}
        @pointerenter=${ahead}
        @focus=${ahead}
        @click=${() => this.panel.toggle()}
      >
        <slot>${chatIcon}</slot>
        ${total
          ? html`<span
              part="count"
              class="count ${this.pulse ? 'pulse' : ''}"
              aria-hidden="true"
              @animationend=${() => (this.pulse = false)}
              >${capped(total)}</span
            >`
          : nothing}
      </button>
      <span class="hidden" role="status">${unread}</span>
    `;
  }
}
