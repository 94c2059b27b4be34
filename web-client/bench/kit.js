/** chatscope's kit, as its documentation has it: every message a component. */
import '@chatscope/chat-ui-kit-styles/dist/default/styles.min.css';
import { ChatContainer, MainContainer, Message, MessageInput, MessageList } from '@chatscope/chat-ui-kit-react';
import { createElement as h, memo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { messages, painted } from './data.js';

const Bubble = memo(({ m }) =>
  h(Message, {
    model: {
      message: m.content,
      sentTime: m.timestamp,
      sender: m.sender.first_name,
      direction: m.sender.id === 1 ? 'outgoing' : 'incoming',
      position: 'single',
    },
  }),
);
// The list takes its children by this name.
Bubble.displayName = 'Message';

let prepend;
function App({ first }) {
  const [list, setList] = useState(first);
  prepend = (older) => setList((now) => [...older, ...now]);
  return h(
    MainContainer,
    null,
    h(
      ChatContainer,
      null,
      h(MessageList, null, list.map((m) => h(Bubble, { key: m.id, m, as: Message }))),
      h(MessageInput, { placeholder: 'Write a message…' }),
    ),
  );
}

let first = 1_001;
globalThis.bench = {
  async open(count) {
    const list = messages(1_001, 1_000 + count);
    const root = createRoot(document.querySelector('#here'));
    await painted();
    const start = performance.now();
    root.render(h(App, { first: list }));
    for (;;) {
      const at = await painted();
      if (document.querySelector('.cs-message')) return at - start;
    }
  },
  scroller: () => document.querySelector('.cs-message-list__scroll-wrapper'),
  bubbles: () => [...document.querySelectorAll('.cs-message__content')],
  async older() {
    const older = messages(first - 50, first - 1);
    first -= 50;
    prepend(older);
  },
};
