/**
 * What is said of people and messages, in the reader's language.
 *
 * @module
 */

import { nameOf } from '../client/views.js';

/** @import { Message, User } from '../client/types.js' */
/** @import { Speech } from '../i18n/index.js' */

/** @param {User} user @param {Speech} say */
export const called = (user, say) => nameOf(user) || say.text('erased');

/**
 * A message in one line.
 *
 * @param {Message} message
 * @param {Speech} say
 * @returns {string}
 */
export function brief(message, say) {
  if (message.deleted_at) return say.text('deleted');
  if (message.message_type === 'job_update') return jobUpdate(message, say);
  if (message.content) return message.content;
  return message.message_type === 'image'
    ? say.text('photo')
    : (message.attachment?.name ?? say.text('file'));
}

/**
 * What changed in the job, in the reader's words where there are any.
 *
 * @param {Message} message
 * @param {Speech} say
 */
export function jobUpdate(message, say) {
  const changes = Object.entries(message.data ?? {}).filter(
    ([, change]) => change && typeof change === 'object' && 'to' in change,
  );
  if (!changes.length) return message.content || say.text('jobUpdate');
  return changes
    .map(([field, { from, to }]) =>
      from == null
        ? `${say.word(field)}: ${say.word(to)}`
        : say.text('changed', { field: say.word(field), from: say.word(from), to: say.word(to) }),
    )
    .join(', ');
}

/** @param {number} n */
export const capped = (n) => (n > 99 ? '99+' : String(n));
