import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement as h } from 'react';
import { renderToString } from 'react-dom/server';
import { ChatBadge, ChatRoom, useChat, useUnread } from '../src/react.js';

test('a server draws the components without a browser and without a client', () => {
  const Page = () => {
    const { messages, isConnected, status, isLoading } = useChat(5);
    return h('p', null, `${useUnread()} ${messages.length} ${isConnected} ${status} ${isLoading}`);
  };
  assert.equal(renderToString(h(Page)), '<p>0 0 false connecting true</p>');
  assert.match(renderToString(h(ChatBadge, { className: 'nav' })), /<chat-badge class="nav"><\/chat-badge>/);
  assert.match(renderToString(h(ChatRoom, { job: 5 })), /<chat-room/);
});
