// Two panes over the chat's own WebSocket address of one job's room. Plain on purpose: it shows
// the wire, the contract of which is in docs/protocol.md.

const PAUSES = [1, 2, 4, 8, 16, 30]; // seconds before the next attempt
const NEVER_AGAIN = [4401, 4403, 4404];
const TYPING_ENDS_AFTER = 3000;

const same = (a, b) => String(a) === String(b);

class Pane {
  constructor(token, job, parent) {
    this.token = token;
    this.job = job;
    this.messages = new Map(); // by seq
    this.pending = new Map(); // by client_id: sent, not yet echoed
    this.version = 0;
    this.mark = 0;
    this.othersMark = 0;
    this.attempt = 0;
    this.typists = new Map();

    const pane = document.getElementById('pane').content.cloneNode(true).firstElementChild;
    this.at = (selector) => pane.querySelector(selector);
    this.form = this.at('form');
    parent.append(pane);

    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.say(this.form.text.value);
      this.form.text.value = '';
    });
    this.form.text.addEventListener('input', () => this.type(this.form.text.value !== ''));
    this.at('.earlier').addEventListener('click', () => this.earlier());
    // Only the side one works on counts as reading; the other shows what is unread there.
    for (const event of ['pointerdown', 'focusin', 'keydown']) {
      pane.addEventListener(event, () => this.read());
    }
    this.pane = pane;
    this.connect();
  }

  // --- the connection

  connect() {
    this.status('connecting');
    const address = new URL(`/ws/job_chat/${encodeURIComponent(this.job)}/`, location);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    address.searchParams.set('token', this.token);
    this.socket = new WebSocket(address);
    this.socket.onmessage = (event) => this.take(JSON.parse(event.data));
    this.socket.onclose = (event) => this.closed(event);
  }

  closed(event) {
    if (NEVER_AGAIN.includes(event.code)) {
      this.status('closed', event.code === 4401 ? 'token expired: restart the demo' : 'no access');
      return;
    }
    const pause = PAUSES[Math.min(this.attempt++, PAUSES.length - 1)];
    this.status('connecting', `reconnecting in ${pause} s`);
    setTimeout(() => this.connect(), 1000 * pause * (0.5 + Math.random() / 2));
  }

  tell(frame) {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(frame));
    }
  }

  take(frame) {
    switch (frame.type) {
      case 'welcome': return this.welcome(frame);
      case 'history': return this.history(frame);
      case 'synced': return this.synced(frame);
      case 'chat_message':
      case 'message_edited':
      case 'message_deleted': return this.message(frame);
      case 'read': return this.marked(frame);
      case 'typing': return this.typing(frame);
      case 'room': return this.room(frame.room);
      case 'gap': return this.tell({ type: 'history', after_seq: frame.from_seq - 1, limit: 200 });
      case 'error': return this.error(frame);
      default: return undefined; // what a client does not know, it ignores
    }
  }

  welcome(frame) {
    const again = this.me !== undefined;
    this.me = frame.user;
    this.attempt = 0;
    this.status('connected');
    this.at('.name').textContent = frame.user.first_name || frame.user.username;
    const [room] = frame.rooms;
    const held = { seq: Math.max(0, ...this.messages.keys()), version: this.version };
    this.room(room);
    if (again) {
      this.tell({ type: 'sync', rooms: { [room.id]: held } });
    } else {
      this.version = room.version;
      this.tell({ type: 'history', limit: 50 });
    }
  }

  synced(frame) {
    const level = frame.rooms[this.id];
    if (level) {
      this.version = level.version;
      this.unread(level.unread_count);
    }
    this.pending.forEach((message) => this.tell(message));
  }

  // --- what the room says

  room(room) {
    this.id = room.id;
    this.title = room.job ? `${room.job.title} – ${room.job.status}` : room.name;
    this.at('.room').textContent = this.title + (room.is_active ? '' : ' (closed)');
    const self = room.participants.find((p) => same(p.user.id, this.me.id));
    this.at('.role').textContent = self ? self.role : 'only looking';
    this.mark = Math.max(this.mark, room.last_read_seq);
    for (const other of room.participants.filter((p) => !same(p.user.id, this.me.id))) {
      this.othersMark = Math.max(this.othersMark, other.last_read_seq);
    }
    this.unread(room.unread_count);
    this.draw();
  }

  history(frame) {
    frame.results.forEach((message) => this.hold(message));
    this.at('.earlier').hidden = !frame.has_more_before && this.first() <= 1;
    this.draw();
  }

  message(frame) {
    this.version = Math.max(this.version, frame.version);
    const { message } = frame;
    const isNew = !this.messages.has(message.seq);
    this.hold(message);
    this.typists.delete(String(message.sender.id));
    if (isNew && !this.own(message) && !message.deleted_at && message.seq > this.mark) {
      this.unread(this.unreadCount + 1);
    }
    if (frame.type === 'message_deleted' || !isNew) {
      this.recount();
    }
    this.draw();
    if (this.pane.contains(document.activeElement)) {
      this.read();
    }
  }

  hold(message) {
    if (same(message.sender.id, this.me.id)) {
      this.pending.delete(message.client_id);
    }
    const held = this.messages.get(message.seq);
    if (!held || !held.deleted_at) {
      this.messages.set(message.seq, message);
    }
  }

  marked(frame) {
    this.version = Math.max(this.version, frame.version);
    if (same(frame.user_id, this.me.id)) {
      this.mark = Math.max(this.mark, frame.up_to_seq);
      this.unread(frame.unread_count);
    } else {
      this.othersMark = Math.max(this.othersMark, frame.up_to_seq);
      this.draw();
    }
  }

  typing(frame) {
    const id = String(frame.user.id);
    if (frame.is_typing) {
      this.typists.set(id, frame.user.first_name || frame.user.username);
    } else {
      this.typists.delete(id);
    }
    this.drawTyping();
  }

  error(frame) {
    if (frame.client_id && this.pending.has(frame.client_id)) {
      const message = this.pending.get(frame.client_id);
      if (frame.retryable) {
        setTimeout(() => this.tell(message), 1000 * (frame.retry_after || 2));
      } else {
        message.failed = frame.detail;
      }
      this.draw();
    }
  }

  // --- what this side does

  say(text) {
    if (text.trim() === '') {
      return;
    }
    const message = { type: 'message', message: text, client_id: crypto.randomUUID() };
    this.pending.set(message.client_id, message);
    this.tell(message);
    this.type(false);
    this.draw();
  }

  type(active) {
    clearTimeout(this.typingEnds);
    if (active) {
      this.typingEnds = setTimeout(() => this.type(false), TYPING_ENDS_AFTER);
    }
    if (active !== this.isTyping) {
      this.isTyping = active;
      this.tell({ type: 'typing', is_typing: active });
    }
  }

  read() {
    const last = Math.max(0, ...this.messages.keys());
    if (last > this.mark && this.unreadCount > 0) {
      this.tell({ type: 'read', up_to_seq: last });
    }
  }

  earlier() {
    this.tell({ type: 'history', before_seq: this.first(), limit: 50 });
  }

  // --- drawing: text only, never markup

  first() {
    return Math.min(...this.messages.keys());
  }

  own(message) {
    return same(message.sender.id, this.me.id);
  }

  recount() {
    const news = (m) => m.seq > this.mark && !m.deleted_at && !this.own(m);
    this.unread([...this.messages.values()].filter(news).length);
  }

  unread(count) {
    this.unreadCount = count;
    this.at('.unread').hidden = count === 0;
    this.at('.unread').textContent = count > 99 ? '99+' : String(count);
  }

  status(is, text = is) {
    this.at('.status').dataset.is = is;
    this.at('.status').textContent = text;
  }

  draw() {
    const list = this.at('.messages');
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
    const sent = [...this.messages.values()].sort((a, b) => a.seq - b.seq);
    list.replaceChildren(
      ...sent.map((message) => this.line(message)),
      ...[...this.pending.values()].map((message) => this.pendingLine(message)),
    );
    if (atEnd) {
      list.scrollTop = list.scrollHeight;
    }
    this.drawTyping();
  }

  drawTyping() {
    const names = [...this.typists.values()];
    this.at('.typing').textContent = names.length ? `${names.join(', ')} is typing …` : '';
  }

  line(message) {
    const line = this.emptyLine();
    const own = this.own(message);
    line.dataset.seq = message.seq;
    line.classList.toggle('own', own);
    line.classList.toggle('platform', ['system', 'job_update'].includes(message.message_type));
    line.classList.toggle('deleted', message.deleted_at !== null);
    const { sender } = message;
    line.querySelector('.sender').textContent = sender.first_name || sender.username;
    line.querySelector('.content').textContent = this.content(message);
    const time = line.querySelector('time');
    time.dateTime = message.timestamp;
    time.textContent = new Date(message.timestamp).toLocaleTimeString([], { timeStyle: 'short' });
    const isRead = message.is_read || message.seq <= this.othersMark;
    line.querySelector('.state').textContent =
      (message.edited_at ? 'edited ' : '') + (own ? (isRead ? '✓✓ read' : '✓ sent') : '');
    return line;
  }

  content(message) {
    if (message.deleted_at) {
      return 'This message was deleted.';
    }
    if (message.content === '' && message.data) {
      const changes = Object.entries(message.data);
      return changes.map(([field, { from, to }]) => `${field}: ${from} → ${to}`).join(', ');
    }
    return message.content || (message.attachment ? message.attachment.name : '');
  }

  pendingLine(message) {
    const line = this.emptyLine();
    line.classList.add('own', message.failed ? 'failed' : 'pending');
    line.querySelector('.content').textContent = message.message;
    line.querySelector('.state').textContent = message.failed || 'sending …';
    return line;
  }

  emptyLine() {
    return document.getElementById('message').content.cloneNode(true).firstElementChild;
  }
}

function notice(text) {
  const paragraph = document.createElement('p');
  paragraph.className = 'notice';
  paragraph.textContent = text;
  document.querySelector('main').replaceChildren(paragraph);
}

async function start() {
  const main = document.querySelector('main');
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) {
    notice('Open one of the addresses that ./chat demo printed: they end in #token=…');
    return;
  }
  const answer = await fetch('/demo/beside', { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) {
    notice('This address is not valid any more: open one that ./chat demo printed last.');
    return;
  }
  main.replaceChildren();
  new Pane(token, main.dataset.job, main);
  new Pane(await answer.text(), main.dataset.job, main);
}

window.addEventListener('hashchange', () => location.reload());
start();
