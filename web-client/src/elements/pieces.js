/**
 * Small pieces that lists and rooms draw.
 *
 * @module
 */

import { html, nothing } from 'lit-html';
import { chatIcon, closeIcon, icon } from './icon.js';
import { styled } from './styled.js';
import { called } from './words.js';

/** @import { ChatClient } from '../client/client.js' */
/** @import { Room, RoomId, State, User } from '../client/types.js' */
/** @import { Speech } from '../i18n/index.js' */

export const icons = {
  chat: chatIcon,
  close: closeIcon,
  send: icon('M4 12l16-8-6 17-3.2-6.8L4 12Zm6.8 2.2L20 4'),
  attach: icon('M20 11.5l-8.2 8.1a5.2 5.2 0 0 1-7.4-7.4l8.5-8.4a3.5 3.5 0 0 1 4.9 4.9l-8.4 8.4a1.7 1.7 0 0 1-2.5-2.4l7.6-7.6'),
  more: icon('M12 5.5v.01M12 12v.01M12 18.5v.01'),
  save: icon('M12 4v11M7 10.5l5 5 5-5M5 20h14'),
  down: icon('M6 9l6 6 6-6'),
  reply: icon('M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6v1'),
  edit: icon('M4 20h4L19 9l-4-4L4 16v4Z'),
  copy: icon('M9 9h10v11H9zM5 15V4h10'),
  trash: icon('M5 7h14M10 4h4M7 7l1 13h8l1-13'),
  file: icon('M14 3H6v18h12V7l-4-4Zm0 0v4h4'),
  alert: icon('M12 8v5M12 16.5v.01M12 3l9.5 17h-19L12 3Z'),
  bell: icon('M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15L6 16Zm4 4.5h4'),
  clock: icon('M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z'),
  check: icon('M5 12.5l4.5 4.5L19 7.5'),
  checks: icon('M2 12.5L6.5 17 16 7.5M11.5 16.5l.5.5L21.5 7.5'),
  search: icon('M16 16l5 5M18 10.5a7.5 7.5 0 1 1-15 0 7.5 7.5 0 0 1 15 0Z'),
  leave: icon('M10 4H5v16h5M14 8l4 4-4 4M18 12H9'),
  help: icon('M9 9.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z'),
  lock: icon('M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3'),
};

/** @param {string | number} id */
export const hueOf = (id) => {
  let hash = 7;
  for (const c of String(id)) hash = (hash * 31 + c.charCodeAt(0)) % 360;
  return (hash * 137) % 360;
};

/**
 * @param {string | number} id decides the colour
 * @param {string} name
 * @param {{ online?: boolean, small?: boolean }} [how]
 */
export const avatar = (id, name, { online = false, small = false } = {}) => html`
  <span
    class="avatar ${small ? 'small' : ''}"
    part="avatar"
    aria-hidden="true"
    ${styled({ '--hue': String(hueOf(id)) })}
    >${[...name.trim()][0]?.toUpperCase() ?? '–'}${online ? html`<span class="dot"></span>` : nothing}</span
  >
`;

/**
 * What a room is called, for the one who looks: the others in it, or its topic.
 *
 * @param {State} state
 * @param {Room} room
 * @param {Speech} say
 * @returns {{ title: string, about: string, people: User[] }}
 */
export function titleOf(state, room, say) {
  const { info } = room;
  const people = info.participants.map((p) => p.user).filter((u) => u.id !== state.me?.id);
  const job = info.job?.title ?? '';
  if (info.room_type === 'general') return { title: info.name, about: '', people };
  if (info.room_type === 'support') {
    const opener = info.participants.find((p) => p.role !== 'admin' && p.user.id !== state.me?.id);
    const about = [opener && say.text('support'), info.topic, job].filter(Boolean).join(' · ');
    return { title: opener ? called(opener.user, say) : say.text('support'), about, people };
  }
  const about = [job, info.topic].filter(Boolean).join(' · ');
  return people.length
    ? { title: say.list(people.slice(0, 3).map((u) => called(u, say))), about, people }
    : { title: about || info.name, about: '', people };
}

/** @param {ChatClient | null} chat @param {RoomId | null} room */
export const draftKey = (chat, room) =>
  `ecleaner-chat:draft:${chat?.server}:${chat?.getSnapshot().me?.id}:${room}`;

/** What was written in a room, and not sent. @param {ChatClient | null} chat @param {RoomId | null} room */
export function draftOf(chat, room) {
  try {
    return localStorage.getItem(draftKey(chat, room)) ?? '';
  } catch {
    return '';
  }
}
