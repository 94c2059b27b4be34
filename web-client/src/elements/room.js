import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { styled } from './styled.js';
import { isOnline, isRead, pendingIn, shown } from '../client/views.js';
import { ChatElement } from './base.js';
import { AT_END, HangingList } from './hanging-list.js';
import { connection } from './list.js';
import { Pictures } from './pictures.js';
import { avatar, draftKey, draftOf, hueOf, icons, titleOf } from './pieces.js';
import { parts } from './parts.js';
import { roomStyles } from './room-styles.js';
import { linked, rowsOf } from './rows.js';
import { brief, called, capped, jobUpdate } from './words.js';

/** @import { ChatClient } from '../client/client.js' */
/** @import { Attachment, Message, Pending, Quote, Room, RoomId, State } from '../client/types.js' */
/** @import { Earlier } from '../client/types.js' */
/** @import { Row } from './rows.js' */

/**
 * Which conversation: by its id, by its job (and topic), with support, or by a general room's name; and
 * perhaps a message in it, by its number, to begin at.
 *
 * @typedef {{ room?: RoomId | null, job?: string | number | null, topic?: string | null,
 *   support?: boolean, name?: string | null, message?: number | null }} Address
 */

/** Messages that are drawn from, before the rest is. */
const AT_ONCE = 1_000;
/** Messages that are kept for being read out: a voice is slower than those who type. */
const READ_OUT = 5;
/** Within this distance of an end, in pixels, the next page is loaded. */
const NEAR = 800;
/** Who is further from the end than this, in pixels, reads what was said before. */
const FAR = 300;

/**
 * `<chat-room>`: one conversation. Say which by `room`, by `job` and perhaps `topic`, by `support`, or by
 * a general room's `name`; by `message`, where in it to begin.
 *
 * @slot start - before the title
 * @slot end - after it
 * @csspart header
 * @csspart log
 * @csspart bubble
 * @csspart own-bubble
 * @csspart composer
 */
export class ChatRoom extends ChatElement {
  /** @override */
  static properties = {
    ...ChatElement.properties,
    room: { type: Number },
    job: {},
    topic: {},
    name: {},
    support: { type: Boolean },
    message: { type: Number },
    active: { attribute: false },
    problem: { attribute: false },
    replyTo: { attribute: false },
    editing: { attribute: false },
    files: { attribute: false },
    dragging: { attribute: false },
    menu: { attribute: false },
    sure: { attribute: false },
    lightbox: { attribute: false },
    note: { attribute: false },
    draft: { attribute: false },
    flash: { attribute: false },
    earlier: { attribute: false },
  };

  /** @override */
  static styles = [...ChatElement.styles, parts, roomStyles];

  /** @type {RoomId | null} the room on display */
  #id = null;
  #unwatch = () => {};
  /** @type {HangingList<Row>} */
  #list = this.#newList();
  /** @type {Row[]} */
  #rows = [];
  /** What `#rows` was made of. @type {unknown[]} */
  #from = [];
  /** @type {number | null} */
  #newAfter = null;
  #opened = false;
  /** Whether all that is held of the log is drawn from. */
  #whole = false;
  /** @type {number | null} a message to bring into view once it is loaded */
  #target = null;
  #visible = false;
  /** The row whose menu button the Tab key finds. @type {string | null} */
  #current = null;
  /** @type {Pictures | null} */
  #pictures = null;
  #watcher = new IntersectionObserver((entries) => {
    this.#visible = entries.at(-1)?.isIntersecting ?? false;
    this.requestUpdate();
  });

  constructor() {
    super();
    /** @type {RoomId | null} */
    this.room = null;
    /** @type {string | number | null} */
    this.job = null;
    /** Of a job's further room, or of a support room. @type {string | null} */
    this.topic = null;
    /** A general room's. @type {string | null} */
    this.name = null;
    /** Whether it is the user's conversation with support. */
    this.support = false;
    /** The number of a message to begin at. @type {number | null} */
    this.message = null;
    /** Whether the room is being looked at; a closed panel reads nothing. */
    this.active = true;
    /** @type {string | null} */
    this.problem = null;
    /** @type {Message | null} */
    this.replyTo = null;
    /** @type {Message | null} */
    this.editing = null;
    /** @type {File[]} */
    this.files = [];
    this.dragging = false;
    /** @type {string | null} */
    this.menu = null;
    this.sure = false;
    /** The picture at its full size. @type {Attachment | null} */
    this.lightbox = null;
    this.note = '';
    this.draft = '';
    /** @type {number | null} */
    this.flash = null;
    /** What a message said before. @type {{ message: Message, said: Earlier[] } | null} */
    this.earlier = null;
  }

  // ----- which room --------------------------------------------------------------------------

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.#watcher.observe(this);
    document.addEventListener('visibilitychange', this.#look);
    this.addEventListener('dragover', this.#drag);
    this.addEventListener('dragleave', this.#drag);
    this.addEventListener('drop', this.#drop);
    if (this.hasUpdated) void this.#find();
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#watcher.disconnect();
    document.removeEventListener('visibilitychange', this.#look);
    this.#show(null);
  }

  /** @override @param {ChatClient} client */
  onClient(client) {
    this.#show(null);
    const pictures = (this.#pictures = new Pictures(client, () => this.requestUpdate()));
    void this.#find();
    const end = client.onIncoming((message) => {
      if (message.room === this.#id) this.#announce(message);
    });
    return () => {
      end();
      pictures.close();
    };
  }

  /** What is known of the room on display. */
  get #room() {
    return this.state?.rooms[this.#id ?? -1];
  }

  get #spoken() {
    return this.renderRoot.querySelector('[role=log]');
  }

  /** Each is an element of its own, so that the same words are read again. @param {Message} message */
  #announce(message) {
    const spoken = this.#spoken;
    const words = document.createElement('p');
    words.textContent = `${called(message.sender, this.say)}: ${brief(message, this.say)}`;
    spoken?.append(words);
    if (spoken && spoken.childElementCount > READ_OUT) spoken.firstElementChild?.remove();
  }

  /** @returns {any} as the client wants it */
  get #address() {
    const { room, job, topic, support, name } = this;
    const more = { ...(job !== null && { job }), ...(topic !== null && { topic }) };
    if (room !== null) return { room };
    if (support) return { support, ...more };
    return job !== null ? more : name !== null ? { name } : null;
  }

  async #find() {
    const client = this.chat;
    const address = this.#address;
    if (!client || !address) return this.#show(null);
    const asked = JSON.stringify(address);
    this.problem = null;
    try {
      const id = await client.open(address);
      if (JSON.stringify(this.#address) === asked && this.isConnected) this.#show(id);
    } catch (e) {
      const { code, retryable, retryAfter = 1_000 } = /** @type {any} */ (e);
      if (retryable) setTimeout(() => this.isConnected && this.#find(), retryAfter);
      else if (client.getSnapshot().reason === null) this.problem = code ?? 'other';
    }
  }

  /** @param {RoomId | null} id */
  #show(id) {
    if (id === this.#id) return;
    // What was written before the room was there stays.
    const typed = this.#id === null ? this.draft : '';
    this.#unwatch();
    this.#unwatch = () => {};
    this.#list.close();
    this.#list = this.#newList();
    this.#placed = this.#away = this.#sought = this.#missed = false;
    this.#id = id;
    this.#rows = [];
    this.#from = [];
    this.#opened = this.#whole = false;
    this.#target = this.#newAfter = null;
    this.replyTo = this.editing = this.menu = this.lightbox = this.earlier = null;
    this.files = [];
    this.#spoken?.replaceChildren();
    this.note = this.draft = '';
    if (id !== null && this.chat) {
      this.#unwatch = this.chat.watch(id);
      this.draft = typed || this.#kept();
      if (this.message !== null) void this.#jump(this.message);
    }
    this.requestUpdate();
  }

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    if (['room', 'job', 'topic', 'name', 'support'].some((name) => changed.has(name))) void this.#find();
    else if (changed.has('message') && this.message !== null) void this.#jump(this.message);
    /** @type {File[] | undefined} */ (changed.get('files'))?.forEach((file) => {
      if (this.files.includes(file)) return;
      URL.revokeObjectURL(this.#previews.get(file) ?? '');
      this.#previews.delete(file);
    });
    this.#arrange();
  }

  /** Rows from the state, and which of them are drawn. */
  #arrange() {
    const { state } = this;
    const room = this.#room;
    if (!state || !room || room.left !== null) return;
    const { messages, hasBefore } = shown(room);
    this.#draw(room);
    const pending = pendingIn(state, room);
    // A long log is drawn from its end first; what is far above comes right after, and moves nothing.
    const late = messages.at(-AT_ONCE);
    this.#whole ||= !late || this.#target !== null || (this.#newAfter ?? Infinity) < late.seq;
    const whole = this.#whole;
    const from = [messages, hasBefore, this.#newAfter, whole, ...pending];
    if (from.length !== this.#from.length || from.some((x, i) => x !== this.#from[i])) {
      this.#from = from;
      this.#rows = rowsOf({
        messages: whole ? messages : messages.slice(-AT_ONCE),
        pending: shown(room).hasAfter && room.focus !== null ? [] : pending,
        me: state.me?.id,
        hasBefore: hasBefore || !whole,
        newAfter: this.#newAfter,
      });
      this.#list.set(this.#rows);
      if (!whole) {
        // Once this has been painted, and not before.
        requestAnimationFrame(() =>
          setTimeout(() => {
            this.#whole = true;
            this.requestUpdate();
          }),
        );
      }
    }
    this.#list.live = !shown(room).hasAfter;
    if (this.#opened && !this.#placed && this.#rows.length) this.#begin(room);
    if (this.#target !== null) this.#reach(this.#target);
    this.#away = this.#isAway(room);
    this.#list.draw();
  }

  /**
   * Draws the line before what is new: at opening, and when one comes back, from wherever one looked
   * instead or from an outage. It does not move while one reads.
   *
   * @param {Room} room
   */
  #draw(room) {
    const isOut = room.syncing || this.state?.status !== 'connected';
    const missed = this.#missed && !isOut;
    if (!this.#gone && !this.#missed) this.#further = this.#list.below > FAR || shown(room).hasAfter;
    this.#missed = isOut && this.#opened;
    if (!this.#sees) this.#gone = true;
    if (!room.loaded || room.syncing) return;
    const isBack = this.#gone && this.#sees;
    const before = this.#newAfter;
    if (!this.#opened || isBack || (missed && room.unread)) {
      this.#newAfter = room.unread ? room.lastRead : null;
    }
    // Who reads further up stays there.
    if (this.#newAfter !== null && this.#newAfter !== before && this.#opened && !this.#further) {
      this.#placed = this.#sought = false;
    }
    this.#opened = true;
    if (isBack) this.#gone = false;
  }

  /** Begins where one left off reading, or at the live end, which is where a list begins. @param {Room} room */
  #begin(room) {
    const { messages, hasBefore } = shown(room);
    const first = (this.#newAfter ?? Infinity) + 1;
    if (this.#target === null && hasBefore && messages[0].seq > first && !this.#sought) {
      this.#sought = true;
      void this.chat?.jumpTo(room.id, first);
      return;
    }
    if (this.#sought && room.loading === 'around') return;
    this.#placed = true;
    const line = this.#rows.findIndex((row) => row.kind === 'new');
    if (line > 0 && this.#target === null) this.#list.bring(line, 'start');
  }

  /** @returns {HangingList<Row>} */
  #newList() {
    const onChange = () => this.requestUpdate();
    return new HangingList({ estimate, onChange, onScroll: () => this.#scrolled() });
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    this.#list.measure(this.renderRoot.querySelector('.rows'));
    this.#markRead();
    this.#loadNear();
    const dialog = this.renderRoot.querySelector('dialog');
    if (dialog && !dialog.open) dialog.showModal();
  }

  /** Whether one was brought to where one left off reading. */
  #placed = false;
  /** Whether that was asked for, where it is not held. */
  #sought = false;
  /** Whether one looked elsewhere. */
  #gone = false;
  /** Whether one may have missed something. */
  #missed = false;
  /** Whether one read further up before that. */
  #further = false;

  /** Whether somebody looks at it. */
  get #sees() {
    return this.active && this.#visible && !document.hidden;
  }

  #look = () => this.requestUpdate();

  /** Whether the live end is out of sight. */
  #away = false;

  /** @param {Room} room */
  #isAway(room) {
    return this.#placed && (this.#list.below > AT_END || shown(room).hasAfter);
  }

  /** Loads what one is about to see. */
  #loadNear() {
    const { state, chat } = this;
    const room = this.#room;
    if (!room || !chat || room.loading || room.failed || !this.#placed) return;
    if (state?.status !== 'connected') return;
    const { hasBefore, hasAfter } = shown(room);
    if (hasBefore && this.#list.above < NEAR) void chat.loadOlder(room.id);
    else if (hasAfter && this.#list.below < NEAR) void chat.loadNewer(room.id);
  }

  #markRead() {
    const room = this.#room;
    if (!room || !this.#placed || !this.#sees || this.#gone || room.syncing) return;
    // What one only passes on the way to another message is not read.
    if (this.#target !== null) return;
    for (let i = this.#list.lastSeen; i >= 0; i--) {
      const row = this.#rows[i];
      if (row?.kind !== 'message') continue;
      if (row.message.seq > room.lastRead && room.unread > 0) {
        this.chat?.markRead(room.id, row.message.seq);
      }
      return;
    }
  }

  /** @param {number} seq */
  async #jump(seq) {
    if (this.#id === null) return;
    this.#target = seq;
    await this.chat?.jumpTo(this.#id, seq);
    this.requestUpdate();
    await this.updateComplete;
    if (this.#target === seq) this.#target = null;
  }

  /** @param {number} seq */
  #reach(seq) {
    const index = this.#rows.findIndex((row) => row.kind === 'message' && row.message.seq === seq);
    if (index < 0) return;
    this.#target = null;
    this.flash = seq;
    this.#list.bring(index, 'center');
    setTimeout(() => (this.flash = null), 1_700);
  }

  #toLatest() {
    if (this.#id === null) return;
    this.chat?.jumpToLatest(this.#id);
    this.#list.toEnd();
  }

  // ----- writing -----------------------------------------------------------------------------

  get #area() {
    return this.renderRoot.querySelector('textarea');
  }

  /** @override @param {FocusOptions} [options] */
  focus(options) {
    const to = this.#area ?? this.renderRoot.querySelector('.scroll') ?? this.querySelector('button');
    /** @type {HTMLElement | null} */ (to)?.focus(options);
  }

  #kept() {
    return draftOf(this.chat, this.#id);
  }

  /** @param {string} text */
  #write(text) {
    this.draft = text;
    if (this.editing || this.#id === null) return;
    try {
      const key = draftKey(this.chat, this.#id);
      if (text) localStorage.setItem(key, text);
      else localStorage.removeItem(key);
    } catch {
      // A draft that a reload would lose.
    }
  }

  /** @param {InputEvent} e */
  #input(e) {
    this.#write(/** @type {HTMLTextAreaElement} */ (e.target).value);
    if (this.#id !== null && this.draft && !this.editing) this.chat?.typing(this.#id);
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      void this.#submit();
    } else if (e.key === 'Escape' && (this.replyTo || this.editing || this.files.length)) {
      e.preventDefault();
      this.#cancel();
    } else if (e.key === 'ArrowUp' && !this.draft && !this.editing) {
      const row = this.#rows.findLast((r) => r.kind === 'message' && r.mine && !r.message.deleted_at);
      if (row?.kind === 'message' && row.message.message_type === 'text') {
        e.preventDefault();
        this.#edit(row.message);
      }
    }
  }

  #cancel() {
    if (this.editing) this.draft = this.#kept();
    this.replyTo = this.editing = null;
    this.files = [];
    this.note = '';
    this.focus();
  }

  get #tooLong() {
    return [...this.draft.trim()].length - (this.state?.limits.message_length ?? 4_000);
  }

  async #submit() {
    const { chat } = this;
    const text = this.draft.trim();
    if (!chat || this.#id === null || this.#tooLong > 0) return;
    if (this.editing) {
      const { editing } = this;
      if (!text) return;
      this.editing = null;
      this.draft = this.#kept();
      if (text !== editing.content) {
        await chat.edit(this.#id, editing.id, text).catch((e) => {
          // The words are still there for another try.
          if (e.retryable && this.#id === editing.room) this.#edit(editing, text);
          this.#complain(e);
        });
      }
      return;
    }
    if (!text && !this.files.length) return;
    const replyTo = this.replyTo;
    const files = this.files;
    this.replyTo = null;
    this.files = [];
    this.note = '';
    this.#write('');
    // The words belong to the first file.
    if (!files.length) chat.send(this.#id, text, { replyTo });
    files.forEach((file, i) =>
      chat.send(/** @type {RoomId} */ (this.#id), i ? '' : text, { replyTo: i ? null : replyTo, file }),
    );
    this.#newAfter = null;
    this.#toLatest();
    this.focus();
  }

  /** @param {Iterable<File>} files */
  #add(files) {
    const max = this.state?.limits.attachment_bytes ?? Infinity;
    this.note = '';
    for (const file of files) {
      if (file.size > max) {
        this.note = this.say.text('tooLarge', { name: file.name, size: this.say.size(max) });
      } else this.files = [...this.files, file];
    }
    this.focus();
  }

  /** @param {ClipboardEvent} e */
  #paste(e) {
    const files = [...(e.clipboardData?.files ?? [])];
    if (!files.length || this.editing) return;
    e.preventDefault();
    this.#add(files);
  }

  /** @param {DragEvent} e */
  #drag = (e) => {
    if (!e.dataTransfer?.types.includes('Files')) return;
    // What is not taken must not lead the browser away either.
    e.preventDefault();
    const takes = this.#writable && !this.editing;
    if (!takes) e.dataTransfer.dropEffect = 'none';
    const inside = this.contains(/** @type {Node | null} */ (e.relatedTarget));
    this.dragging = takes && (e.type === 'dragover' || inside);
  };

  /** @param {DragEvent} e */
  #drop = (e) => {
    if (!e.dataTransfer?.files.length) return;
    e.preventDefault();
    this.dragging = false;
    if (this.#writable && !this.editing) this.#add(e.dataTransfer.files);
  };

  get #writable() {
    const room = this.#room;
    return Boolean(room && room.left === null && (room.info.is_active || this.#reopens(room)));
  }

  /** A support room that was closed opens again when the one who opened it writes. @param {Room} room */
  #reopens(room) {
    return room.info.room_type === 'support' && !this.#admin;
  }

  get #admin() {
    return this.state?.me?.role === 'admin';
  }

  /** @param {Message} message @param {string} [draft] */
  #edit(message, draft = message.content) {
    this.editing = message;
    this.replyTo = null;
    this.draft = draft;
    void this.updateComplete.then(() => {
      this.focus();
      this.#area?.setSelectionRange(this.draft.length, this.draft.length);
    });
  }

  // ----- drawing -----------------------------------------------------------------------------

  /** @override */
  render() {
    const { state, say } = this;
    const room = this.#room;
    const left = room?.left ?? null;
    const problem = this.problem ?? left;
    const title = room && state ? titleOf(state, room, say) : null;
    const one = title?.people.length === 1 ? title.people[0] : null;
    const online = one && state ? isOnline(state, one) : false;
    return html`
      <header role="none" part="header">
        <slot name="start"></slot>
        ${title && room && left === null
          ? html`${avatar(one?.id ?? room.id, title.title, { online })}
              <div class="title">
                <h2 dir="auto">${title.title}</h2>
                ${this.#subtitle(/** @type {State} */ (state), room, title, online)}
              </div>`
          : html`<div class="title"><h2>${problem ? say.text('messages') : ''}</h2></div>`}
        ${room && left === null ? this.#roomActions(room) : nothing}
        <slot name="end"></slot>
      </header>
      ${connection(state, say)}
      ${problem
        ? html`<div class="empty" role="status">
            ${icons.lock}<span>${say.text(left !== null ? 'left' : 'notFound')}</span>
          </div>`
        : this.#conversation(state, room, title?.title ?? '')}
    `;
  }

  /** What few may do: an admin closes and reopens, anybody leaves a general room. @param {Room} room */
  #roomActions(room) {
    const { say, chat } = this;
    const { is_active, room_type } = room.info;
    const act = (/** @type {Promise<unknown> | undefined} */ done) => done?.catch((e) => this.#complain(e));
    const button = (/** @type {string} */ label, /** @type {unknown} */ icon, /** @type {() => void} */ f) =>
      html`<button class="icon" type="button" aria-label=${label} title=${label} @click=${f}>${icon}</button>`;
    return html`${this.#admin && room_type !== 'job'
      ? button(say.text(is_active ? 'closeRoom' : 'reopenRoom'), icons.lock, () =>
          act(chat?.setOpen(room.id, !is_active)),
        )
      : nothing}${room_type === 'general'
      ? button(say.text('leaveRoom'), icons.leave, () => act(chat?.leave(room.id)))
      : nothing}`;
  }

  /**
   * @param {State} state
   * @param {Room} room
   * @param {{ about: string, people: import('../client/types.js').User[] }} title
   * @param {boolean} online
   */
  #subtitle(state, room, title, online) {
    const { say } = this;
    const { about, people } = title;
    const seen = state.presence[people[0]?.id]?.lastSeen;
    const n = room.info.participant_count ?? room.info.participants.length;
    const how = online
      ? say.text('online')
      : people.length > 1
        ? say.text('people', { n })
        : seen
          ? say.text('seen', { when: say.brief(seen) })
          : '';
    // Where both do not fit, what it is about stays.
    return html`<div class="sub">
      <span dir="auto">${about}</span><span>${about && how && '\u00a0· '}${how}</span>
    </div>`;
  }

  /** @param {State | null} state @param {Room | undefined} room @param {string} title */
  #conversation(state, room, title) {
    const { say } = this;
    const { from, to } = this.#list;
    const helps = room?.info.room_type === 'support';
    return html`
      <div class="log" part="log">
        <div
          class="scroll"
          tabindex="0"
          role="group"
          aria-label=${say.text('conversation', { name: title })}
          @keydown=${this.#walk}
        >
          ${room?.loaded && this.#rows.length
            ? html`<div class="space">
                <div class="rows" role="list">
                  ${repeat(
                    this.#rows.slice(from, to),
                    (row) => row.key,
                    (row) => this.#row(/** @type {State} */ (state), room, row),
                  )}
                </div>
              </div>`
            : room?.loaded
              ? html`<div class="empty">
                  ${icons.chat}<strong>${say.text(helps ? 'noSupport' : 'noMessages')}</strong>
                  <span>${say.text(helps ? 'noSupportHint' : 'noMessagesHint')}</span>
                </div>`
              : room?.failed
                ? nothing
                : html`<div class="ghosts" role="status" aria-label=${say.text('connecting')}>
                    ${[1, 2, 3, 4, 5].map(() => html`<span class="bone"></span>`)}
                  </div>`}
        </div>
        ${room?.failed
          ? html`<div class="float">
              <button type="button" @click=${() => this.chat?.loadOlder(room.id)}>
                ${say.text('loadFailed')} ${say.text('retry')}
              </button>
            </div>`
          : room?.loading === 'before' && this.#list.above < 80
            ? html`<div class="float"><span><span class="spin"></span></span></div>`
            : nothing}
        ${room && this.#away
          ? html`<button
              class="jump"
              part="jump"
              type="button"
              aria-label=${say.text('latest', { n: room.unread })}
              @click=${this.#toLatest}
            >
              ${icons.down}${room.unread
                ? html`<span class="count" aria-hidden="true">${capped(room.unread)}</span>`
                : nothing}
            </button>`
          : nothing}
      </div>
      <div class="typing" aria-hidden="true">
        ${room?.typing.length
          ? html`<span class="dots"><i></i><i></i><i></i></span>${this.#whoTypes(room)}`
          : nothing}
      </div>
      <div class="hidden" role="log" aria-live="polite"></div>
      <div class="hidden" role="status">${room?.typing.length ? this.#whoTypes(room) : ''}</div>
      ${this.#composer(room)}
      ${this.dragging ? html`<div class="drop">${say.text('drop')}</div>` : nothing}
      ${this.lightbox
        ? this.#dialog(
            this.lightbox.name,
            this.#enlarged(this.lightbox),
            html`<button
              class="save"
              type="button"
              aria-label=${say.text('download', { name: this.lightbox.name })}
              @click=${(/** @type {Event} */ e) => {
                e.stopPropagation();
                if (this.lightbox) void this.#download(this.lightbox);
              }}
            >
              ${icons.save}
            </button>`,
          )
        : this.earlier
          ? this.#dialog(
              say.text('earlier'),
              html`<div class="earlier">
                <h2>${say.text('earlier')}</h2>
                ${this.earlier.said.map(
                  ({ content, timestamp }) =>
                    html`<p><time datetime=${timestamp}>${say.full(timestamp)}</time>${text(content)}</p>`,
                )}
              </div>`,
            )
          : nothing}
    `;
  }

  /** @param {Attachment} attachment */
  #enlarged({ url, name }) {
    const address = this.#pictures?.show(url);
    if (address) return html`<img src=${address} alt=${name} />`;
    return html`<div class="coming" role="status">
      ${this.#pictures?.isGone(url) ? this.say.error('not_found') : html`<span class="spin"></span>`}
    </div>`;
  }

  /**
   * Over all, until a click or Escape.
   *
   * @param {string} label
   * @param {unknown} content
   * @param {unknown} [more] further buttons
   */
  #dialog(label, content, more = nothing) {
    return html`<dialog
      aria-label=${label}
      @click=${(/** @type {Event} */ e) =>
        /** @type {HTMLElement} */ (e.currentTarget).closest('dialog')?.close()}
      @keydown=${(/** @type {Event} */ e) => e.stopPropagation()}
      @close=${() => (this.lightbox = this.earlier = null)}
    >
      ${content}
      <button type="button" aria-label=${this.say.text('dismiss')}>${icons.close}</button>
      ${more}
    </dialog>`;
  }

  /** @param {Message} message */
  async #showEarlier(message) {
    try {
      const said = (await this.chat?.edits(message.room, message.id)) ?? [];
      this.earlier = { message, said };
    } catch (e) {
      this.#complain(e);
    }
  }

  /** @param {unknown} e */
  #complain(e) {
    this.note = this.say.error(/** @type {any} */ (e).code);
  }

  /** @param {Room} room */
  #whoTypes(room) {
    const who = this.say.list(room.typing.map((t) => called(t.user, this.say)));
    return this.say.text('typing', { n: room.typing.length, who });
  }

  #scrolled() {
    if (this.menu) this.menu = null;
    const room = this.#room;
    if (room && this.#isAway(room) !== this.#away) this.requestUpdate();
    this.#loadNear();
    this.#markRead();
  }

  /** @param {State} state @param {Room} room @param {Row} row */
  #row(state, room, row) {
    const { say } = this;
    if (row.kind === 'day') {
      return html`<div class="row day" role="listitem">
        <span>${say.day(row.at)}</span>
      </div>`;
    }
    if (row.kind === 'new') {
      return html`<div class="row new" role="listitem">${say.text('newMessages')}</div>`;
    }
    const classes = `row ${row.mine ? 'mine' : 'theirs'} ${row.first ? 'first' : ''} ${row.last ? 'last' : ''}`;
    if (row.kind === 'pending') {
      return html`<div class=${classes} role="listitem" data-key=${row.key}>
        ${this.#waiting(row.pending)}
      </div>`;
    }
    const { message } = row;
    if (message.message_type === 'system' || message.message_type === 'job_update') {
      return html`<div class="row" role="listitem">
        <div class="notice" dir="auto">
          ${message.message_type === 'job_update' ? jobUpdate(message, say) : message.content}
          <time datetime=${message.timestamp}>${say.time(message.timestamp)}</time>
        </div>
      </div>`;
    }
    const crowd = room.info.participants.length > 2 || room.info.room_type === 'general';
    const name = called(message.sender, say);
    return html`
      <div
        class="${classes} ${this.flash === message.seq ? 'flash' : ''}"
        role="listitem"
        data-key=${row.key}
        data-seq=${message.seq}
      >
        <div class="line">
          ${row.mine || !crowd
            ? nothing
            : html`<span class="gutter"
                >${row.last ? avatar(message.sender.id, name, { small: true }) : nothing}</span
              >`}
          <div
            class="bubble ${isEmoji(message.content) && !message.reply_to && !message.attachment ? 'bare' : ''}"
            part=${row.mine ? 'bubble own-bubble' : 'bubble'}
          >
            ${crowd && row.first && !row.mine
              ? html`<div class="who" ${styled({ '--hue': String(hueOf(message.sender.id)) })}>${name}</div>`
              : html`<span class="hidden">${row.mine ? say.text('you') : name}: </span>`}
            ${message.deleted_at
              ? html`<span class="gone">${say.text('deleted')}</span>`
              : html`${message.reply_to ? this.#quote(message.reply_to) : nothing}
                ${message.attachment ? this.#attachment(message.attachment) : nothing}
                ${text(message.content)}`}
            <span class="meta">
              ${message.edited_at && !message.deleted_at
                ? html`<button
                    class="edited"
                    type="button"
                    aria-label="${say.text('edited')}, ${say.text('earlier')}"
                    @click=${() => this.#showEarlier(message)}
                  >
                    ${say.text('edited')}
                  </button>`
                : nothing}
              <time datetime=${message.timestamp} title=${say.full(message.timestamp)}
                >${say.time(message.timestamp)}</time
              >
              ${row.mine && !message.deleted_at
                ? isRead(room, message)
                  ? status('read', icons.checks, say.text('read'))
                  : status('', icons.check, say.text('sent'))
                : nothing}
            </span>
          </div>
          ${message.deleted_at ? nothing : this.#actions(room, row)}
        </div>
      </div>
    `;
  }

  /** @param {Pending} p */
  #waiting(p) {
    const { say } = this;
    const failed = p.state === 'failed';
    return html`
      <div class="line">
        <div class="bubble" part="bubble own-bubble">
          <span class="hidden">${say.text('you')}: </span>
          ${p.reply_to ? this.#quote(p.reply_to) : nothing}
          ${p.attachment ? this.#attachment(p.attachment) : p.upload ? this.#upload(p) : nothing}
          ${text(p.text)}
          <span class="meta">
            <time datetime=${new Date(p.at).toISOString()}>${say.time(p.at)}</time>
            ${failed
              ? status('', icons.alert, say.text('failed'))
              : p.state === 'sent'
                ? status('', icons.check, say.text('sent'))
                : status('', icons.clock, say.text('sending'))}
          </span>
        </div>
      </div>
      ${failed
        ? html`<div class="failed" role="alert">
            <span>${icons.alert}${say.text('failed')}. ${say.error(p.error ?? 'other')}</span>
            <span
              >${p.error === 'file_lost'
                ? nothing
                : html`<button type="button" @click=${() => this.chat?.retry(p.client_id)}>
                    ${say.text('retry')}
                  </button>`}<button type="button" @click=${() => this.chat?.discard(p.client_id)}>
                ${say.text('discard')}
              </button></span
            >
          </div>`
        : nothing}
    `;
  }

  /** @param {Quote} quote */
  #quote(quote) {
    return html`<button class="quote" type="button" @click=${() => this.#jump(quote.seq)}>
      <b>${called(quote.sender, this.say)}</b>
      <span dir="auto">${quote.excerpt || this.say.text('deleted')}</span>
    </button>`;
  }

  /** @param {Attachment} attachment */
  #attachment(attachment) {
    const { say } = this;
    const { name, width, height, thumbnail_url, url } = attachment;
    if (!attachment.content_type.startsWith('image/')) {
      return html`<button
        class="file"
        type="button"
        aria-label=${say.text('download', { name })}
        @click=${() => this.#download(attachment)}
      >
        ${icons.file}<span><b>${name}</b><small>${say.size(attachment.size)}</small></span>
      </button>`;
    }
    const picture = this.#pictures?.show(thumbnail_url ?? url);
    return html`<button
      class="picture"
      type="button"
      aria-label=${say.text('enlarge', { name })}
      ${styled(box(width, height))}
      @click=${() => (this.lightbox = attachment)}
    >
      ${picture ? html`<img src=${picture} alt="" draggable="false" />` : nothing}
    </button>`;
  }

  /** @param {Pending} p */
  #upload({ client_id, upload, state }) {
    if (!upload) return nothing;
    const { say } = this;
    const percent = Math.round(upload.progress * 100);
    const under =
      state === 'failed'
        ? nothing
        : html`<span class="bar" role="progressbar" aria-label=${upload.name} aria-valuenow=${percent}
              ><i ${styled({ scale: `${upload.progress} 1` })}></i></span
            ><button
              class="stop"
              type="button"
              aria-label=${say.text('removeFile', { name: upload.name })}
              @click=${() => this.chat?.discard(client_id)}
            >
              ${icons.close}
            </button>`;
    return upload.preview
      ? html`<span class="picture" ${styled(box(4, 3))}
          ><img src=${upload.preview} alt=${upload.name} />${under}</span
        >`
      : html`<span class="file"
          >${icons.file}<span><b>${upload.name}</b><small>${say.size(upload.size)}</small></span>${under}</span
        >`;
  }

  /** @param {Attachment} attachment */
  async #download(attachment) {
    try {
      const blob = await this.chat?.file(attachment.url);
      if (!blob) return;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = attachment.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (e) {
      this.#complain(e);
    }
  }

  // ----- what one can do with a message --------------------------------------------------------

  /** @param {Room} room @param {Extract<Row, { kind: 'message' }>} row */
  #actions(room, row) {
    const { say } = this;
    const { message } = row;
    const open = this.menu === row.key;
    const reachable = (this.#current ?? this.#rows.findLast((r) => r.kind === 'message')?.key) === row.key;
    const act = (/** @type {() => void} */ f) => () => {
      this.menu = null;
      f();
    };
    return html`
      <div class="act">
        <button
          class="icon more"
          type="button"
          tabindex=${reachable ? 0 : -1}
          aria-label=${say.text('actions')}
          aria-haspopup="menu"
          aria-expanded=${open}
          @focus=${() => (this.#current = row.key)}
          @click=${(/** @type {Event} */ e) => this.#openMenu(open ? null : row.key, e)}
        >
          ${icons.more}
        </button>
        ${open
          ? html`<div
              class="menu ${this.#menuUp ? 'up' : ''}"
              role="menu"
              aria-label=${say.text('actions')}
              @keydown=${this.#menuKey}
              @focusout=${(/** @type {FocusEvent} */ e) => {
                const menu = /** @type {HTMLElement} */ (e.currentTarget);
                if (!menu.parentElement?.contains(/** @type {Node | null} */ (e.relatedTarget))) {
                  this.menu = null;
                }
              }}
            >
              ${this.#writable
                ? item(icons.reply, say.text('reply'), act(() => this.#reply(message)))
                : nothing}
              ${message.content
                ? item(
                    icons.copy,
                    say.text('copy'),
                    act(() => void navigator.clipboard?.writeText(message.content)),
                  )
                : nothing}
              ${row.mine && room.info.is_active && message.message_type === 'text'
                ? item(icons.edit, say.text('edit'), act(() => this.#edit(message)))
                : nothing}
              ${row.mine || this.#admin
                ? item(
                    icons.trash,
                    say.text(this.sure ? 'reallyDelete' : 'delete'),
                    () => (this.sure ? act(() => this.#delete(message))() : (this.sure = true)),
                    'danger',
                  )
                : nothing}
            </div>`
          : nothing}
      </div>
    `;
  }

  /** Whether the menu opens upwards. */
  #menuUp = false;

  /** @param {string | null} key @param {Event} e */
  #openMenu(key, e) {
    const { top } = /** @type {Element} */ (e.currentTarget).getBoundingClientRect();
    const fold = this.getBoundingClientRect();
    this.#menuUp = top > fold.top + fold.height / 2;
    this.menu = key;
    this.sure = false;
    if (!key) return;
    void this.updateComplete.then(() =>
      /** @type {HTMLElement | null} */ (
        this.renderRoot.querySelector('[role=menu] button')
      )?.focus(),
    );
  }

  /** @param {KeyboardEvent} e */
  #menuKey(e) {
    const menu = /** @type {HTMLElement} */ (e.currentTarget);
    const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll('button')]);
    const at = items.indexOf(/** @type {HTMLElement} */ (e.target));
    if (e.key === 'Escape') {
      /** @type {HTMLElement | null} */ (menu.previousElementSibling)?.focus();
      this.menu = null;
    } else if (e.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (e.key === 'ArrowUp') items.at(at - 1)?.focus();
    else if (e.key === 'Home') items[0]?.focus();
    else if (e.key === 'End') items.at(-1)?.focus();
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  /** From message to message by the arrow keys. @param {KeyboardEvent} e */
  #walk(e) {
    const from = /** @type {HTMLElement} */ (e.target);
    if (!from.classList.contains('more') || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return;
    const buttons = /** @type {HTMLElement[]} */ ([...this.renderRoot.querySelectorAll('.more')]);
    const to = buttons[buttons.indexOf(from) + (e.key === 'ArrowUp' ? -1 : 1)];
    if (!to) return;
    e.preventDefault();
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: 'nearest' });
    this.requestUpdate();
  }

  /** @param {Message} message */
  #reply(message) {
    this.editing = null;
    this.replyTo = message;
    this.focus();
  }

  /** @param {Message} message */
  async #delete(message) {
    if (this.#id === null) return;
    await this.chat
      ?.remove(this.#id, message.id)
      .catch((e) => this.#complain(e));
    this.focus();
  }

  /** @param {Room | undefined} room */
  #composer(room) {
    const { say } = this;
    const shut = room && !room.info.is_active;
    if (shut && !this.#reopens(room)) {
      return html`<footer role="none" part="composer"><div class="shut">${icons.lock}${say.text('closed')}</div></footer>`;
    }
    const context = this.editing ?? this.replyTo;
    const over = this.#tooLong;
    const ready = Boolean(room) && (this.draft.trim() !== '' || this.files.length > 0) && over <= 0;
    return html`
      <footer role="none" part="composer">
        ${shut ? html`<div class="shut">${icons.lock}${say.text('reopens')}</div>` : nothing}
        ${context
          ? html`<div class="context">
              <div>
                <b
                  >${this.editing
                    ? say.text('editing')
                    : say.text('replyingTo', { who: called(context.sender, say) })}</b
                >
                <span dir="auto">${brief(context, say)}</span>
              </div>
              <button class="icon" type="button" aria-label=${say.text('cancel')} @click=${this.#cancel}>
                ${icons.close}
              </button>
            </div>`
          : nothing}
        ${this.files.length
          ? html`<div class="files">${this.files.map((file) => this.#chosen(file))}</div>`
          : nothing}
        <div class="compose">
          <button
            class="icon"
            type="button"
            aria-label=${say.text('attach')}
            ?disabled=${!room || this.editing !== null}
            @click=${() =>
              /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('input'))?.click()}
          >
            ${icons.attach}
          </button>
          <input
            type="file"
            multiple
            hidden
            aria-hidden="true"
            @change=${(/** @type {any} */ e) => {
              this.#add(e.target.files);
              e.target.value = '';
            }}
          />
          <textarea
            rows="1"
            dir="auto"
            enterkeyhint="send"
            aria-label=${say.text('write')}
            placeholder=${say.text('write')}
            .value=${this.draft}
            @input=${this.#input}
            @keydown=${this.#key}
            @paste=${this.#paste}
            @blur=${() => this.#id !== null && this.chat?.stopTyping(this.#id)}
          ></textarea>
          <button
            class="icon send ${ready ? 'ready' : ''}"
            type="button"
            aria-label=${say.text(this.editing ? 'save' : 'send')}
            ?disabled=${!ready}
            @click=${this.#submit}
          >
            ${this.editing ? icons.check : icons.send}
          </button>
        </div>
        ${over > 0
          ? html`<div class="over" role="alert">${say.text('tooLong', { n: over })}</div>`
          : this.note
            ? html`<div class="over" role="alert">${this.note}</div>`
            : nothing}
      </footer>
    `;
  }

  /** @type {WeakMap<File, string>} */
  #previews = new WeakMap();

  /** @param {File} file */
  #chosen(file) {
    let preview = this.#previews.get(file);
    if (preview === undefined) {
      preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : '';
      this.#previews.set(file, preview);
    }
    return html`<div>
      ${preview ? html`<img src=${preview} alt=${file.name} />` : html`${icons.file}<span>${file.name}</span>`}
      <button
        type="button"
        aria-label=${this.say.text('removeFile', { name: file.name })}
        @click=${() => (this.files = this.files.filter((f) => f !== file))}
      >
        ${icons.close}
      </button>
    </div>`;
  }
}

/** @param {Row} row @param {number} width @returns {number} its likely height, until it is measured */
function estimate(row, width) {
  if (row.kind === 'day' || row.kind === 'new') return 37;
  const of = row.kind === 'message' ? row.message : row.pending;
  const length = (row.kind === 'message' ? row.message.content : row.pending.text).length;
  const perLine = Math.min(width * 0.76, 560) / 7.3 - 3;
  const lines = Math.ceil((length + 12) / perLine);
  return 15 + lines * 21 + (row.first ? 6 : 0) + (row.last ? 6 : 0) + (of.message_type === 'image' ? 220 : 0);
}

/** Whether a message is a few emoji and nothing else. @param {string} content */
const isEmoji = (content) =>
  content.length <= 40 &&
  /^(?:(?:\p{Extended_Pictographic}|\p{Regional_Indicator})[\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f]*){1,4}$/u.test(content);

/** @param {string} content */
function text(content) {
  if (!content) return nothing;
  return html`<span class="text ${isEmoji(content) ? 'big' : ''}"
    >${linked(content).map(({ text, href }) =>
      href ? html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${text}</a>` : text,
    )}</span
  >`;
}

/** @param {string} name @param {unknown} icon @param {string} label */
const status = (name, icon, label) =>
  html`<span class=${name} role="img" aria-label=${label} title=${label}>${icon}</span>`;

/** @param {unknown} icon @param {string} label @param {() => void} act @param {string} [name] */
const item = (icon, label, act, name = '') =>
  html`<button class=${name} role="menuitem" type="button" @click=${act}>${icon}${label}</button>`;

/** A picture's place, before it has come. @param {number | null} [w] @param {number | null} [h] */
function box(w, h) {
  const ratio = Math.min(2.4, Math.max(0.6, (w || 4) / (h || 3)));
  return { 'aspect-ratio': String(ratio), width: `${Math.round(Math.min(300, 300 * Math.max(0.6, ratio)))}px`, 'max-width': 'calc(100% + 16px)' };
}

