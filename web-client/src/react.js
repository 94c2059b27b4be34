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
import { INITIAL, isRead, onSharedClient, roomOfJob, sharedClient, shown } from './chat.js';

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

/** Between two tries of what may pass by itself, in milliseconds. */
const AGAIN_MS = 1_000;

const none = () => null;
const never = () => () => {};
const noState = () => INITIAL;

/** The one given, else the page's shared one; null until there is one, and on a server. @param {ChatClient | null} [client] */
function useClient(client) {
  const shared = useSyncExternalStore(onSharedClient, sharedClient, none);
  return client ?? shared;
}

/**
 * The whole state; as it is before anything is known, until there is a client.
 *
 * @param {ChatClient | null} [client]
 * @returns {State}
 */
export function useChatState(client) {
  const chat = useClient(client);
  return useSyncExternalStore(chat?.subscribe ?? never, chat?.getSnapshot ?? noState, noState);
}

/**
 * Unread messages in all rooms. Draws again when this number changes, and for nothing else.
 *
 * @param {ChatClient | null} [client]
 * @returns {number}
 */
export function useUnread(client) {
  const chat = useClient(client);
  const total = () => chat?.getSnapshot().total ?? 0;
  return useSyncExternalStore(chat?.subscribe ?? never, total, () => 0);
}

/**
 * The conversation of a job. The room is found, or opened, by the store; its messages stay loaded
 * while the component is there.
 *
 * @param {string | number} jobId
 * @param {ChatClient | null} [client] the page's shared one where absent
 * @returns {{
 *   messages: ShownMessage[], isConnected: boolean, status: State['status'], typingUsers: User[],
 *   sendMessage: (content: string, how?: { replyTo?: Message | null, file?: File | null }) => Promise<void>,
 *   sendTypingIndicator: () => void, stopTyping: () => void, hasOlder: boolean,
 *   isLoading: boolean, loadOlder: () => Promise<void>, retry: (key: string) => void,
 *   discard: (key: string) => void, markRead: () => void,
 *   editMessage: (message: Message, content: string) => Promise<void>,
 *   deleteMessage: (message: Message) => Promise<void>, unread: number, room: Room | null,
 *   error: string | null }}
 */
export function useChat(jobId, client) {
  const chat = useClient(client);
  const [error, setError] = useState(/** @type {string | null} */ (null));
  const state = useChatState(chat);
  const { status, reason, pending } = state;
  const room = roomOfJob(state, jobId) ?? null;
  const me = state.me?.id;
  const id = room?.id;

  useEffect(() => {
    /** @type {any} */
    let again = null;
    let here = true;
    const open = () =>
      chat?.open({ job: jobId }).catch((/** @type {any} */ e) => {
        if (!here) return;
        // What passes by itself is no error; offline, the next connection tries again.
        if (!e.retryable) setError(e.code ?? 'other');
        else if (e.code !== 'offline') again = setTimeout(open, e.retryAfter ?? AGAIN_MS);
      });
    setError(null);
    void open();
    return () => {
      here = false;
      clearTimeout(again);
    };
  }, [chat, jobId, status, reason]);
  useEffect(() => (chat && id !== undefined ? chat.watch(id) : undefined), [chat, id]);

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
    for (const p of pending.filter((p) => p.room === room.id)) {
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
  }, [room, pending, me]);

  const typing = room?.typing;
  return {
    messages,
    isConnected: status === 'connected',
    status,
    typingUsers: useMemo(() => (typing ?? []).map((t) => t.user), [typing]),
    sendMessage: useCallback(
      async (content, how) => {
        if (!chat) throw new Error('Call configure({ server, getToken }) first.');
        // The room is known while offline too, once it was ever there.
        chat.send(id ?? (await chat.open({ job: jobId })), content, how);
      },
      [chat, jobId, id],
    ),
    sendTypingIndicator: useCallback(() => id !== undefined && chat?.typing(id), [chat, id]),
    stopTyping: useCallback(() => id !== undefined && chat?.stopTyping(id), [chat, id]),
    hasOlder: room !== null && shown(room).hasBefore,
    isLoading: room === null ? !error : room.loading !== '' || !room.loaded,
    loadOlder: useCallback(async () => (id === undefined ? undefined : chat?.loadOlder(id)), [chat, id]),
    retry: useCallback((key) => chat?.retry(key), [chat]),
    discard: useCallback((key) => chat?.discard(key), [chat]),
    markRead: useCallback(() => {
      const known = id === undefined ? undefined : chat?.getSnapshot().rooms[id];
      if (known) chat?.markRead(known.id, known.lastSeq);
    }, [chat, id]),
    editMessage: useCallback(
      async (message, content) => chat?.edit(message.room, message.id, content),
      [chat],
    ),
    deleteMessage: useCallback(async (message) => chat?.remove(message.room, message.id), [chat]),
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
