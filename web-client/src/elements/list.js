import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { isOnline, isWaiting, latest, roomList } from '../client/views.js';
import { alerts } from './alerts.js';
import { ChatElement } from './base.js';
import { css } from './element.js';
import { parts } from './parts.js';
import { avatar, draftOf, icons, titleOf } from './pieces.js';
import { brief, called, capped } from './words.js';

/** @import { Found, Room, State } from '../client/types.js' */

/** A search waits this long for another key, in milliseconds. */
const PAUSE_MS = 250;

/**
 * `<chat-list>`: the conversations, most recently active first, and a search in them. `support`: offers a
 * conversation with support. `queue`: an admin's, with all open support rooms, and which of them wait for
 * an answer. `current`: the room that is on display beside it; the one that was chosen last, by itself.
 *
 * @slot start - before the title
 * @slot end - after it
 * @fires chat-select - `detail.room`: the id of the room that was chosen, with `detail.message` where a
 *   message in it was; or `detail.support`
 * @csspart header
 * @csspart item
 * @csspart search
 */
export class ChatList extends ChatElement {
  /** @override */
  static properties = {
    ...ChatElement.properties,
    support: { type: Boolean },
    queue: { type: Boolean },
    current: { type: Number },
    waiting: { attribute: false },
    settings: { attribute: false },
    loading: { attribute: false },
    words: { attribute: false },
    found: { attribute: false },
  };

  /** @override */
  static styles = [
    ...ChatElement.styles,
    parts,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        background: var(--_surface);
      }
      header {
        position: relative;
        padding-inline-start: 16px;
      }
      header .title {
        padding-inline: 4px;
      }
      h2 {
        outline: 0;
        font-size: 20px;
      }
      .search {
        position: relative;
        margin: 8px 16px 0;
        flex: none;
      }
      .search svg {
        position: absolute;
        inset-block-start: 10px;
        inset-inline-start: 12px;
        width: 18px;
        height: 18px;
        color: var(--_muted);
        pointer-events: none;
      }
      .search input {
        width: 100%;
        height: 38px;
        padding: 0 14px;
        padding-inline-start: 38px;
        border: 1px solid transparent;
        border-radius: 19px;
        background: var(--_canvas);
        color: inherit;
        font: inherit;
      }
      .search input::placeholder {
        color: var(--_muted);
        opacity: 1;
      }
      h3 {
        margin: 12px 20px 0;
        font-size: 13px;
        font-weight: 600;
        color: var(--_muted);
      }
      mark {
        background: none;
        color: var(--_accent);
        font-weight: 600;
      }
      .help {
        flex: none;
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 8px;
        min-height: 48px;
        border-top: 1px solid var(--_line);
        color: var(--_accent);
        font-weight: 500;
      }
      .help:hover {
        background: var(--_hover);
      }
      .help:focus-visible {
        outline-offset: -2px;
      }
      .menu {
        inset-block-start: 58px;
        inset-inline-end: 12px;
      }
      .scroll {
        flex: 1;
        min-height: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
        display: flex;
        flex-direction: column;
        scrollbar-width: thin;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 8px;
      }
      li > button {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: 2px 12px;
        align-items: center;
        width: 100%;
        padding: 10px 12px;
        border-radius: 14px;
        text-align: start;
        transition: background 0.15s;
      }
      li > button:is(:hover, [aria-current]) {
        background: var(--_hover);
      }
      li > button[aria-current] {
        box-shadow: inset 3px 0 var(--_accent);
      }
      :host(:dir(rtl)) li > button[aria-current] {
        box-shadow: inset -3px 0 var(--_accent);
      }
      li > button:focus-visible {
        outline-offset: -2px;
      }
      .avatar {
        grid-row: 1 / 3;
      }
      .name,
      .last {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name {
        font-weight: 600;
      }
      .about {
        font-weight: 400;
        color: var(--_muted);
        font-size: 13px;
      }
      .last {
        color: var(--_muted);
        font-size: 14px;
      }
      .last:last-child {
        grid-column: 2 / 4;
      }
      .unread .last {
        color: var(--_text);
        font-weight: 500;
      }
      .draft,
      .typing {
        color: var(--_accent);
      }
      time {
        font-size: 12px;
        color: var(--_muted);
        font-variant-numeric: tabular-nums;
        text-align: end;
      }
      .unread time {
        color: var(--_accent);
        font-weight: 600;
      }
      .count {
        justify-self: end;
        background: var(--_accent);
        color: var(--_on-accent);
      }
      .waits,
      .wait button {
        padding: 2px 9px;
        border-radius: 11px;
        font-size: 12px;
        font-weight: 600;
        color: light-dark(#6b4200, #ffdfa3);
        background: light-dark(#fff3d6, #3a2c0d);
      }
      .waits {
        justify-self: end;
      }
      .wait {
        margin: 10px 20px 0;
      }
      .wait button {
        min-height: 28px;
        padding-inline: 12px;
        border-radius: 14px;
        border: 1px solid transparent;
      }
      .wait button[aria-pressed='true'] {
        border-color: currentColor;
      }
      .lock svg {
        width: 15px;
        height: 15px;
        color: var(--_muted);
        justify-self: end;
      }
      .ghost {
        display: grid;
        grid-template-columns: 44px 1fr;
        gap: 8px 12px;
        padding: 12px 20px;
      }
      .ghost .bone:first-child {
        grid-row: 1 / 3;
        width: 44px;
        height: 44px;
        border-radius: 50%;
      }
      .ghost .bone {
        height: 14px;
        width: 55%;
      }
      .ghost .bone:last-child {
        width: 85%;
        height: 12px;
      }
      .more {
        align-self: center;
        margin: 4px 0 16px;
        padding: 8px 16px;
        border-radius: 20px;
        color: var(--_accent);
        font-weight: 500;
        font-size: 14px;
      }
      .more:hover {
        background: var(--_hover);
      }
    `,
  ];

  constructor() {
    super();
    this.support = false;
    this.queue = false;
    /** @type {import('../client/types.js').RoomId | null} */
    this.current = null;
    /** Whether only those that wait are shown. */
    this.waiting = false;
    this.settings = false;
    this.loading = false;
    /** What is looked for. */
    this.words = '';
    this.failed = false;
    /** What was found in messages; null until it is known. @type {{ results: Found[], next: string | null } | null} */
    this.found = null;
  }

  /** @type {(() => void) | null} */
  #endQueue = null;
  /** Whose queue is kept at hand. @type {import('../client/client.js').ChatClient | null} */
  #queueOf = null;

  /** The queue is asked for while somebody can see it. */
  #watchQueue = () => {
    const of = this.queue && this.isConnected && !document.hidden ? this.chat : null;
    if (of === this.#queueOf) return;
    this.#endQueue?.();
    this.#queueOf = of;
    this.#endQueue = of?.watchQueue() ?? null;
  };

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#watchQueue);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#watchQueue);
    this.#watchQueue();
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    this.#watchQueue();
  }

  /** @override */
  onClient() {
    // What was found was found for somebody else.
    this.#look(this.words);
  }

  /** @type {any} */
  #pause = null;

  /** @param {string} words */
  #look(words) {
    this.words = words.trim();
    this.found = null;
    clearTimeout(this.#pause);
    if ([...this.words].length > 1) this.#pause = setTimeout(() => this.#search(), PAUSE_MS);
  }

  async #search() {
    const { words, found, chat } = this;
    this.loading = true;
    const page = await chat?.search(words, { cursor: found?.next }).catch(() => null);
    this.loading = false;
    if (words !== this.words || found !== this.found) return;
    // Where it failed, what was found stays, and more can be asked for again.
    this.failed = !page;
    this.found = {
      results: [...(found?.results ?? []), ...(page?.results ?? [])],
      next: page ? page.next : (found?.next ?? null),
    };
  }

  /** @override @param {FocusOptions} [options] */
  focus(options) {
    this.renderRoot.querySelector('h2')?.focus(options);
  }

  async #more() {
    this.loading = true;
    await Promise.allSettled([this.chat?.loadMoreRooms(), this.queue && this.chat?.loadMoreQueue()]);
    this.loading = false;
  }

  /** Tells the page which conversation is to be shown. @param {import('./room.js').Address} address */
  choose(address) {
    this.current = address.room ?? null;
    this.emit('chat-select', address);
  }

  /** @param {KeyboardEvent} e */
  #move(e) {
    if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return;
    const items = /** @type {HTMLElement[]} */ ([...this.renderRoot.querySelectorAll('li > button')]);
    const at = items.indexOf(/** @type {HTMLElement} */ (e.target));
    const to = items[at + (e.key === 'ArrowDown' ? 1 : -1)];
    if (at < 0 || !to) return;
    e.preventDefault();
    to.focus();
  }

  /** @override */
  render() {
    const { state, say } = this;
    const words = this.words.toLocaleLowerCase();
    const all = state ? roomList(state) : [];
    const waiting = this.queue ? all.filter(isWaiting) : [];
    const rooms = words
      ? all.filter((room) => {
          const { title, about } = titleOf(/** @type {State} */ (state), room, say);
          return `${title} ${about}`.toLocaleLowerCase().includes(words);
        })
      : this.waiting
        ? waiting
        : all;
    const more = state?.more || (this.queue && state?.queue);
    return html`
      <header role="none"
        part="header"
        @keydown=${(/** @type {KeyboardEvent} */ e) => {
          if (e.key !== 'Escape' || !this.settings) return;
          e.preventDefault();
          this.settings = false;
        }}
      >
        <slot name="start"></slot>
        <div class="title"><h2 tabindex="-1">${say.text('messages')}</h2></div>
        <button
          class="icon"
          type="button"
          aria-label=${say.text('settings')}
          aria-expanded=${this.settings}
          @click=${() => (this.settings = !this.settings)}
        >
          ${icons.bell}
        </button>
        <slot name="end"></slot>
        ${this.settings ? this.#settingsMenu() : nothing}
      </header>
      ${connection(state, say)}
      ${all.length
        ? html`<div class="search" part="search" role="search">
            ${icons.search}<input
              type="search"
              autocomplete="off"
              enterkeyhint="search"
              aria-label=${say.text('search')}
              placeholder=${say.text('search')}
              @input=${(/** @type {any} */ e) => this.#look(e.target.value)}
              @keydown=${(/** @type {any} */ e) => {
                if (e.key !== 'Escape' || !e.target.value) return;
                e.preventDefault();
                e.target.value = '';
                this.#look('');
              }}
            />
          </div>`
        : nothing}
      ${this.queue && state?.queue !== undefined
        ? html`<div class="wait" role="status">
            <button
              type="button"
              aria-pressed=${this.waiting}
              ?disabled=${!waiting.length && !this.waiting}
              @click=${() => (this.waiting = !this.waiting)}
            >
              ${say.text('waiting', { n: state.queue ? `${waiting.length}+` : waiting.length })}
            </button>
          </div>`
        : nothing}
      <div class="scroll">
        ${!state?.welcomed && !state?.reason
          ? html`<div role="status" aria-label=${say.text('connecting')}>
              ${[1, 2, 3, 4].map(
                () =>
                  html`<div class="ghost">
                    <span class="bone"></span><span class="bone"></span><span class="bone"></span>
                  </div>`,
              )}
            </div>`
          : rooms.length
            ? html`<ul aria-label=${say.text('messages')} @keydown=${this.#move}>
                ${repeat(
                  rooms,
                  (room) => room.id,
                  (room) => this.#item(/** @type {State} */ (state), room),
                )}
              </ul>`
            : state?.reason || words
              ? nothing
              : html`<div class="empty">
                  ${icons.chat}<strong>${say.text('noRooms')}</strong>
                  <span>${say.text(this.queue ? 'noQueueHint' : 'noRoomsHint')}</span>
                </div>`}
        ${words ? this.#results(/** @type {State} */ (state), rooms.length) : nothing}
        ${more && !words
          ? html`<button class="more" type="button" ?disabled=${this.loading} @click=${this.#more}>
              ${say.text('more')}
            </button>`
          : nothing}
      </div>
      ${this.support
        ? html`<button class="help" type="button" @click=${() => this.choose({ support: true })}>
            ${icons.help}${say.text('askSupport')}
          </button>`
        : nothing}
    `;
  }

  /** @param {State} state @param {number} rooms how many conversations were found by their title */
  #results(state, rooms) {
    const { found, say } = this;
    const none = found && !found.results.length && !rooms;
    return html`<div class="hidden" role="status">
        ${found ? say.text('found', { n: found.results.length + rooms }) : ''}
      </div>
      ${none
        ? html`<div class="empty">${icons.search}<strong>${say.text(this.failed ? 'error_other' : 'nothing')}</strong></div>`
        : found?.results.length
          ? html`<h3>${say.text('messages')}</h3>
              <ul aria-label=${say.text('messages')} @keydown=${this.#move}>
                ${found.results.map((it) => this.#hit(state, it))}
              </ul>`
          : nothing}
      ${found?.next
        ? html`<button class="more" type="button" ?disabled=${this.loading} @click=${this.#search}>
            ${say.text('more')}
          </button>`
        : nothing}`;
  }

  /** @param {State} state @param {Found} found */
  #hit(state, { message, excerpt, highlights }) {
    const { say } = this;
    const room = state.rooms[message.room];
    const name = called(message.sender, say);
    const { title, people } = room ? titleOf(state, room, say) : { title: name, people: [message.sender] };
    return html`<li>
      <button
        part="item"
        type="button"
        @click=${() => this.choose({ room: message.room, message: message.seq })}
      >
        ${avatar(people[0]?.id ?? message.room, title)}
        <span class="name" dir="auto">${title}</span>
        <time datetime=${message.timestamp}>${say.brief(message.timestamp)}</time>
        <span class="last" dir="auto"
          >${message.sender.id === state.me?.id ? `${say.text('you')}: ` : ''}${marked(excerpt, highlights)}</span
        >
      </button>
    </li>`;
  }

  /** @param {State} state @param {Room} room */
  #item(state, room) {
    const { say } = this;
    const { title, about, people } = titleOf(state, room, say);
    const message = latest(room);
    const waiting = state.pending.findLast((p) => p.room === room.id);
    const typing = room.typing.length
      ? say.text('typing', {
          n: room.typing.length,
          who: say.list(room.typing.map((t) => called(t.user, say))),
        })
      : null;
    const draft = room.id === this.current ? '' : draftOf(this.chat, room.id);
    const waits = this.queue && isWaiting(room);
    // Whose word it is, where there may be several.
    const who =
      !message || message.message_type === 'system' || message.message_type === 'job_update'
        ? ''
        : message.sender.id === state.me?.id
          ? say.text('you')
          : people.length > 1 || room.info.room_type === 'general'
            ? called(message.sender, say)
            : '';
    const last = waiting
      ? `${say.text('you')}: ${waiting.text || say.text(waiting.message_type === 'image' ? 'photo' : 'file')}`
      : draft
        ? html`<span class="draft">${say.text('draft')}:</span> ${draft}`
        : message
          ? `${who && `${who}: `}${brief(message, say)}`
          : say.text('noMessages');
    const online = people.length === 1 && isOnline(state, people[0]);
    return html`
      <li>
        <button
          part="item"
          type="button"
          class=${room.unread || waits ? 'unread' : ''}
          aria-current=${room.id === this.current ? 'true' : nothing}
          @click=${() => this.choose({ room: room.id })}
        >
          ${avatar(people[0]?.id ?? room.id, title, { online })}
          <span class="name" dir="auto"
            >${title}${about ? html`<span class="about"> · ${about}</span>` : nothing}${online
              ? html`<span class="hidden">, ${say.text('online')}</span>`
              : nothing}</span
          >
          <time datetime=${room.info.updated_at}>${say.brief(room.info.updated_at)}</time>
          <span class="last ${typing ? 'typing' : ''}" dir="auto">${typing ?? last}</span>
          ${room.unread
            ? html`<span class="count" role="img" aria-label=${say.text('unread', { n: room.unread })}
                >${capped(room.unread)}</span
              >`
            : waits
              ? html`<span class="waits">${say.text('waits')}</span>`
              : room.info.is_active
                ? nothing
                : html`<span class="lock" role="img" aria-label=${say.text('closed')}>${icons.lock}</span>`}
        </button>
      </li>
    `;
  }

  #settingsMenu() {
    const { say } = this;
    return html`
      <div
        class="menu"
        role="group"
        aria-label=${say.text('settings')}
      >
        <label>
          <input
            type="checkbox"
            .checked=${alerts.sound}
            @change=${(/** @type {any} */ e) => (alerts.sound = e.target.checked)}
          />
          ${say.text('sound')}
        </label>
        ${alerts.canNotify
          ? html`<label>
              <input
                type="checkbox"
                .checked=${alerts.notify}
                @change=${async (/** @type {any} */ e) => {
                  await alerts.allowNotify(e.target.checked);
                  this.requestUpdate();
                }}
              />
              ${say.text('notify')}
            </label>`
          : nothing}
      </div>
    `;
  }
}

/** What precedes the first mark in an excerpt of one line, at most, in characters. */
const LEAD = 24;

/**
 * An excerpt with what was found in it marked, from shortly before the first mark.
 *
 * @param {string} text
 * @param {[number, number][]} [places] from and to, in order
 */
function marked(text, places = []) {
  const first = places[0]?.[0] ?? 0;
  // From the beginning of a word, where there is one near.
  let at = first > LEAD ? (text.slice(first - LEAD, first).search(/\s\S/) + 1 || LEAD) + first - LEAD : 0;
  const start = at ? '…' : '';
  const parts = places.map(([from, to]) => {
    const before = text.slice(at, from);
    at = to;
    return html`${before}<mark>${text.slice(from, to)}</mark>`;
  });
  return [start, ...parts, text.slice(at)];
}

/** The line under the header while not all is well. @param {State | null} state @param {import('../i18n/index.js').Speech} say */
export function connection(state, say) {
  if (!state || state.status === 'connected') return nothing;
  if (state.reason) {
    return html`<div class="banner" role="status">
      ${say.text(state.reason === 'unauthenticated' ? 'signIn' : 'refused')}
    </div>`;
  }
  if (!state.welcomed) return nothing;
  return html`<div class="banner" role="status">
    ${state.status === 'connecting' ? html`<span class="spin"></span>` : nothing}${say.text('offline')}
  </div>`;
}
