/**
 * What the tests in a real browser have on their page: a chat in memory, Anna's client, the elements,
 * and a component for React.
 */
import { createElement as h, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { configure } from '../../src/chat.js';
import { KeptFiles } from '../../src/client/kept-files.js';
import { ChatBadge, useChat, useUnread } from '../../src/react.js';
import { aJob, anOffice, tab } from '../world.js';

const { chat, room } = aJob();
chat.attachments = new Map();
chat.room({ job: 6, people: [1, 2], title: 'Windows' });
const clock = {
  now: () => Date.now(),
  setTimeout: (f, ms) => setTimeout(f, ms),
  clearTimeout: (handle) => clearTimeout(handle),
};
// The page's shared one, so that it is told of too.
const { client, link, window: wire } = tab(chat, 1, { clock, make: configure });

/** @param {string} tag @param {object} properties */
globalThis.put = (tag, properties = {}) => {
  const element = Object.assign(document.createElement(tag), { client, ...properties });
  document.querySelector('main').append(element);
  return element;
};

/** Olena's queue, and the conversation that she chose beside it. @param {number} questions */
globalThis.office = (questions) => {
  const { chat, rooms } = anOffice(questions);
  const olena = tab(chat, 9, { clock });
  olena.link.http = (url) => Response.json(chat.queue(9, url));
  const list = globalThis.put('chat-list', { client: olena.client, queue: true });
  const beside = globalThis.put('chat-room', { client: olena.client });
  list.addEventListener('chat-select', (e) => (beside.room = e.detail.room));
  olena.client.connect();
  Object.assign(globalThis, { desk: chat, questions: rooms });
};

function Conversation({ jobId }) {
  const { messages, isConnected, typingUsers, sendMessage, error } = useChat(jobId, client);
  return h(
    'section',
    null,
    h('output', null, error ?? (isConnected ? 'connected' : '…')),
    h('ol', null, messages.map((m) => h('li', { key: m.key, className: m.status ?? 'theirs' }, m.content))),
    h('em', null, typingUsers.map((u) => u.first_name).join()),
    h('button', { onClick: () => sendMessage('from React') }, 'send'),
    h('strong', null, String(useUnread(client))),
    h(ChatBadge, { client, className: 'mine' }),
  );
}

let root;
globalThis.react = (jobId) => {
  root ??= createRoot(document.body.appendChild(document.createElement('div')));
  root.render(jobId && h(StrictMode, null, h(Conversation, { jobId })));
};

Object.assign(globalThis, { chat, room, client, link, wire, KeptFiles });
/** Anna's next visit: nothing is connected yet, and what `storage` keeps is there. */
globalThis.visit = (options) => tab(chat, 1, { clock, ...options });
