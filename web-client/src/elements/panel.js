import { html, nothing } from 'lit-html';
import { ChatElement } from './base.js';
import { css } from './element.js';
import { backIcon, closeIcon } from './icon.js';
import { rooms } from './later.js';

/** @import { Address } from './room.js' */

/**
 * `<chat-panel>`: slides in at the right; the list of conversations, or one of them.
 *
 * `support`: its list offers a conversation with support.
 *
 * Beside a page it is one part more of it. On a phone it covers the page, and then nothing else can be
 * reached until it is closed: by its button, by Escape, or as one goes back on that device.
 *
 * @fires chat-open
 * @fires chat-close
 * @csspart panel
 */
export class ChatPanel extends ChatElement {
  /** @override */
  static properties = {
    ...ChatElement.properties,
    open: { type: Boolean, reflect: true },
    support: { type: Boolean },
    address: { attribute: false },
    ever: { attribute: false },
    missing: { attribute: false },
  };

  /** @override */
  static styles = [
    ...ChatElement.styles,
    css`
      :host {
        position: fixed;
        inset: 0 0 0 auto;
        z-index: var(--chat-z, 1000);
        width: var(--chat-width, 400px);
        max-width: 100vw;
        pointer-events: none;
      }
      :host(:dir(rtl)) {
        inset: 0 auto 0 0;
      }
      dialog {
        inset: 0;
        width: 100%;
        height: 100%;
        max-width: none;
        max-height: none;
        margin: 0;
        padding: 0;
        display: flex;
        flex-direction: column;
        color: inherit;
        background: var(--_surface);
        border: 0;
        border-inline-start: 1px solid var(--_line);
        box-shadow: 0 0 48px rgb(0 0 0 / 0.18);
        translate: 105% 0;
        visibility: hidden;
        transition:
          translate 0.26s cubic-bezier(0.2, 0.8, 0.2, 1),
          visibility 0s 0.26s;
        pointer-events: auto;
        overflow: hidden;
      }
      :host(:dir(rtl)) dialog {
        translate: -105% 0;
      }
      :host([open]) dialog {
        translate: 0 0;
        visibility: visible;
        transition: translate 0.26s cubic-bezier(0.2, 0.8, 0.2, 1);
      }
      chat-list,
      chat-room {
        flex: 1;
        height: auto;
        min-height: 0;
      }
      .again {
        min-height: 44px;
        padding-inline: 16px;
        color: var(--_accent);
        font-weight: 500;
      }
      :host(:dir(rtl)) .back svg {
        scale: -1 1;
      }
      @media (max-width: 520px) {
        :host {
          width: 100vw;
        }
        dialog {
          border: 0;
        }
      }
    `,
  ];

  #wasOpen = false;

  constructor() {
    super();
    this.open = false;
    /** Whether the list offers a conversation with support. */
    this.support = false;
    /** The conversation on display; the list where null. @type {Address | null} */
    this.address = null;
    this.ever = false;
    /** Whether what it shows could not be fetched. */
    this.missing = false;
    this.addEventListener('keydown', (e) => {
      if (e.key !== 'Escape' || e.defaultPrevented) return;
      e.preventDefault();
      this.hide();
    });
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    for (const type of ['resize', 'scroll']) visualViewport?.addEventListener(type, this.#fit);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    for (const type of ['resize', 'scroll']) visualViewport?.removeEventListener(type, this.#fit);
  }

  /** A phone's keyboard lies over the page: the panel keeps to what is left. */
  #fit = () => {
    const { height = 0, offsetTop = 0, scale = 1 } = visualViewport ?? {};
    const covered = scale === 1 && innerHeight - height > 1;
    const style = this.#dialog?.style;
    if (!style) return;
    style.height = covered ? `${height}px` : '';
    style.marginTop = covered ? `${offsetTop}px` : '';
    this.requestUpdate();
  };

  get #dialog() {
    return this.renderRoot.querySelector('dialog');
  }

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    if (!this.open) return;
    this.ever = true;
    if (changed.has('open') && !isThere()) void this.#fetch();
  }

  /** What the panel shows comes with the first opening, at the latest. */
  async #fetch() {
    this.missing = false;
    await rooms().catch(() => (this.missing = true));
    // Another try may have brought it meanwhile, or may yet.
    await customElements.whenDefined('chat-room');
    this.missing = false;
    this.requestUpdate();
    if (this.open) await this.#focusInside();
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    this.#follow();
    if (this.open === this.#wasOpen) return;
    this.#wasOpen = this.open;
    if (this.open) {
      this.emit('chat-open');
      this.#focusInside();
    } else {
      this.emit('chat-close');
    }
  }

  /** Opens and closes the dialog. It gives the focus back to what had it before. */
  #follow() {
    const dialog = this.#dialog;
    if (!dialog || !this.isConnected) return;
    const covers = matchMedia('(max-width: 520px)').matches;
    const turned = this.open && dialog.open && covers !== dialog.matches(':modal');
    const focused = turned && deepActive();
    if (turned || !this.open) dialog.close();
    if (this.open && !dialog.open) covers ? dialog.showModal() : dialog.show();
    if (focused) focused.focus();
  }

  async #focusInside() {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    /** @type {HTMLElement | null | undefined} */ (
      this.renderRoot.querySelector('chat-room, chat-list, button')
    )?.focus({ preventScroll: true });
  }

  show() {
    this.open = true;
  }

  hide() {
    this.open = false;
  }

  toggle() {
    if (this.open) this.hide();
    else this.show();
  }

  /** Opens the panel at a conversation. @param {Address} address */
  showRoom(address) {
    this.address = address;
    if (this.open) void this.#focusInside();
    else this.show();
  }

  /** Opens the panel at the list. */
  showList() {
    this.address = null;
    if (this.open) void this.#focusInside();
    else this.show();
  }

  /** @override */
  render() {
    const { say } = this;
    const { address } = this;
    const close = html`<button
      slot="end"
      class="icon"
      part="close"
      type="button"
      aria-label=${say.text('close')}
      @click=${this.hide}
    >
      ${closeIcon}
    </button>`;
    return html`
      <dialog
        part="panel"
        autofocus
        aria-label=${say.text('messages')}
        ?inert=${!this.open}
        @close=${() => this.#dialog?.open || this.hide()}
      >
        ${!this.ever
          ? nothing
          : !isThere()
            ? html`<header role="none"><div class="title"></div>${close}</header>
              ${this.missing
                ? html`<div class="empty" role="alert">
                    ${say.text('loadFailed')}
                    <button class="again" type="button" @click=${this.#fetch}>${say.text('retry')}</button>
                  </div>`
                : html`<div class="empty" role="status" aria-label=${say.text('connecting')}>
                    <span class="spin"></span>
                  </div>`}`
          : address
            ? html`<chat-room
                .client=${this.client}
                .room=${address.room ?? null}
                .job=${address.job ?? null}
                .topic=${address.topic ?? null}
                .name=${address.name ?? null}
                .support=${address.support ?? false}
                .message=${address.message ?? null}
                .active=${this.open}
                lang=${this.lang || nothing}
                theme=${this.theme ?? nothing}
                exportparts="bubble, own-bubble, composer, header, log, avatar, jump"
              >
                <button
                  slot="start"
                  class="icon back"
                  part="back"
                  type="button"
                  aria-label=${say.text('back')}
                  @click=${this.showList}
                >
                  ${backIcon}
                </button>
                ${close}
              </chat-room>`
            : html`<chat-list
                .client=${this.client}
                .support=${this.support}
                lang=${this.lang || nothing}
                theme=${this.theme ?? nothing}
                exportparts="item, header, avatar, search"
                @chat-select=${(/** @type {CustomEvent} */ e) => this.showRoom(e.detail)}
                >${close}</chat-list
              >`}
      </dialog>
    `;
  }
}

/** Whether there is something to show. */
const isThere = () => customElements.get('chat-room') !== undefined;

/** What has the focus, inside shadow roots too. @returns {HTMLElement | null} */
function deepActive() {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return /** @type {HTMLElement | null} */ (active);
}
