import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobUpdate } from '../src/elements/words.js';
import { addLanguage, alsoSay, speech } from '../src/i18n/index.js';
import rooms from '../src/i18n/en-rooms.js';
import de from '../src/i18n/de.js';
import uk from '../src/i18n/uk.js';

const update = (data, content = '') => ({ message_type: 'job_update', data, content });

test('what a job tells of itself is in the reader’s language, where its words are known', () => {
  addLanguage('de', de);
  addLanguage('uk', uk);
  const status = update({ status: { from: 'assigned', to: 'in_progress' } });
  assert.equal(jobUpdate(status, speech('en')), 'Status: Assigned → In progress');
  assert.equal(jobUpdate(status, speech('de-AT')), 'Status: Zugewiesen → In Arbeit');
  assert.equal(jobUpdate(status, speech('uk')), 'Стан: Призначено → Виконується');
  assert.equal(jobUpdate(update({ price: { from: null, to: '60 €' } }), speech('de')), 'Preis: 60 €');
  assert.equal(
    jobUpdate(update({ status: { from: 'on_the_way', to: 'done' } }), speech('de')),
    'Status: On the way → Erledigt',
  );
  assert.equal(jobUpdate(update({ note: 'x' }, 'As it was written'), speech('de')), 'As it was written');
  assert.equal(jobUpdate(update(null), speech('de')), 'Auftrag aktualisiert');
});

test('numbers choose their form by the language’s own rules', () => {
  const unread = (n) => speech('uk').text('unread', { n });
  assert.equal(unread(1), '1 непрочитане повідомлення');
  assert.equal(unread(3), '3 непрочитані повідомлення');
  assert.equal(unread(5), '5 непрочитаних повідомлень');
  assert.equal(unread(21), '21 непрочитане повідомлення');
  assert.equal(speech('de').text('unread', { n: 1234 }), '1.234 ungelesene Nachrichten');
});

test('a language of the page’s own falls back to English where it is silent', () => {
  addLanguage('fr', { send: 'Envoyer' });
  // Also what lists and rooms say, which comes later.
  alsoSay(rooms);
  assert.equal(speech('fr').text('attach'), 'Attach a file');
  assert.equal(speech('fr').text('send'), 'Envoyer');
  assert.equal(speech('fr').text('retry'), 'Try again');
  assert.equal(speech('xx').text('send'), 'Send');
});
