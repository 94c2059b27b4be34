/**
 * For React 18 and newer: the hooks and the elements.
 *
 * @module
 */

import {
  createElement,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { isRead, pendingIn, roomOfJob, sharedClient, shown } from './chat.js';

/** @import { ChatClient, Message, Pending, Room, State, User } from './chat.js' */

/**
 * @typedef {object} ShownMessage one of the log, or one of one's own that is not there yet
 * @property {string} key
 * @property {string} content
 * @property {string} timestamp
 * @property {boolean} mine
 * @property {'sending' | 'sent' | 'read' | 'failed' | null} status of one's own; null for others'
 * @property {Message | null} message as the server has it
 * @property {Pending | null} pending as it waits
 */

/** @returns {ChatClient} */
function theClient() {
  const client = sharedClient();
  if (!client) throw new Error('Call configure({ server, getToken }) before the first chat hook.');
  return client;
}

/** @param {ChatClient} [client] @returns {State} */
export function useChatState(client = theClient()) {
  return useSyncExternalStore(client.subscribe, client.getSnapshot, client.getSnapshot);
}

/** Unread messages in all rooms. @param {ChatClient} [client] @returns {number} */
export function useUnread(client = theClient()) {
  const total = () => client.getSnapshot().total;
  return useSyncExternalStore(client.subscribe, total, total);
}

/**
 * The conversation of a job. The room is found, or opened, by the store; its messages stay loaded
 * while the component is there.
 *
 * @param {string | number} jobId
 * @param {ChatClient} [client] the page's shared one where absent
 * @returns {{
 *   messages: ShownMessage[], isConnected: boolean, status: State['status'], typingUsers: User[],
 *   sendMessage: (content: string, how?: { replyTo?: Message | null, file?: File | null }) => void,
 *   sendTypingIndicator: () => void, stopTyping: () => void, hasOlder: boolean,
 *   isLoading: boolean, loadOlder: () => Promise<void>, retry: (key: string) => void,
 *   discard: (key: string) => void, markRead: () => void, unread: number, room: Room | null,
 *   error: string | null }}
 */
export function useChat(jobId, client = theClient()) {
  const [error, setError] = useState(/** @type {string | null} */ (null));
  const { status, reason } = useChatState(client);
  const getRoom = () => roomOfJob(client.getSnapshot(), jobId) ?? null;
  const room = useSyncExternalStore(client.subscribe, getRoom, getRoom);
  const getPending = () => client.getSnapshot().pending;
  const pending = useSyncExternalStore(client.subscribe, getPending, getPending);
  const me = client.getSnapshot().me?.id;
  const id = room?.id;

  useEffect(() => {
    let here = true;
    setError(null);
    client.open({ job: jobId }).catch((/** @type {any} */ e) => here && setError(e.code ?? 'other'));
    return () => {
      here = false;
    };
    // Another try after each reconnect, and after the end of a sign-in.
  }, [client, jobId, status, reason]);
  useEffect(() => (id === undefined ? undefined : client.watch(id)), [client, id]);

  const messages = useMemo(() => {
    if (!room) return [];
    /** @type {ShownMessage[]} */
    const list = shown(room).messages.map((message) => ({
      key: message.client_id ?? `m${message.seq}`,
      content: message.content,
      timestamp: message.timestamp,
      mine: message.sender.id === me,
      status: message.sender.id !== me ? null : isRead(room, message) ? 'read' : 'sent',
      message,
      pending: null,
    }));
    for (const p of pendingIn(client.getSnapshot(), room)) {
      list.push({
        key: p.client_id,
        content: p.text,
        timestamp: new Date(p.at).toISOString(),
        mine: true,
        status: p.state,
        message: null,
        pending: p,
      });
    }
    return list;
  }, [client, room, pending, me]);

  const typing = room?.typing;
  return {
    messages,
    isConnected: status === 'connected',
    status,
    typingUsers: useMemo(() => (typing ?? []).map((t) => t.user), [typing]),
    sendMessage: useCallback(
      async (content, how) => {
        client.send(await client.open({ job: jobId }), content, how);
      },
      [client, jobId],
    ),
    sendTypingIndicator: useCallback(() => id !== undefined && client.typing(id), [client, id]),
    stopTyping: useCallback(() => id !== undefined && client.stopTyping(id), [client, id]),
    hasOlder: room !== null && shown(room).hasBefore,
    isLoading: room !== null && (room.loading !== '' || !room.loaded),
    loadOlder: useCallback(
      async () => (id === undefined ? undefined : client.loadOlder(id)),
      [client, id],
    ),
    retry: useCallback((key) => client.retry(key), [client]),
    discard: useCallback((key) => client.discard(key), [client]),
    markRead: useCallback(() => {
      const known = id === undefined ? undefined : client.getSnapshot().rooms[id];
      if (known) client.markRead(known.id, known.lastSeq);
    }, [client, id]),
    unread: room?.unread ?? 0,
    room,
    error,
  };
}

/**
 * A component for an element: objects and flags go in as properties, `onChatOpen` and the like hear
 * its events.
 *
 * @param {string} tag
 */
const wrap = (tag) =>
  /** @param {Record<string, any>} props */
  function ChatComponent({ children, ...props }) {
    const ref = useRef(/** @type {HTMLElement | null} */ (null));
    useLayoutEffect(() => {
      const element = ref.current;
      if (!element) return;
      /** @type {(() => void)[]} */
      const ends = [];
      for (const [name, value] of Object.entries(props)) {
        if (/^onChat[A-Z]/.test(name)) {
          const event = name.slice(2).replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
          element.addEventListener(event, value);
          ends.push(() => element.removeEventListener(event, value));
        } else if (name !== 'className' && name !== 'style' && name !== 'id') {
          Object.assign(element, { [name]: value });
        }
      }
      return () => ends.forEach((end) => end());
    });
    const { className, style, id } = props;
    return createElement(tag, { ref, class: className, style, id }, children);
  };

export const ChatBadge = wrap('chat-badge');
export const ChatPanel = wrap('chat-panel');
export const ChatList = wrap('chat-list');
export const ChatRoom = wrap('chat-room');
