import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const at = (path) => new URL(`../${path}`, import.meta.url);
const skip = existsSync(at('dist/chat.js.br')) ? false : 'not built';
const { exports } = JSON.parse(readFileSync(at('package.json'), 'utf8'));

test('every module that the package names is there, with its types and compressed ahead', { skip }, () => {
  for (const [name, where] of Object.entries(exports)) {
    if (typeof where === 'string') continue;
    for (const path of [where.types, where.default, `${where.default}.gz`, `${where.default}.br`]) {
      assert.ok(existsSync(at(path)), `${name}: ${path}`);
    }
  }
});

test('the widget is light at first, the conversations are one part, and every language is a file', { skip }, () => {
  const files = readdirSync(at('dist')).filter((name) => name.endsWith('.js'));
  const rooms = files.filter((name) => /^chat-rooms-[0-9a-f]{8}\.js$/.test(name));
  assert.equal(rooms.length, 1);
  assert.deepEqual(files.filter((name) => name.startsWith('lang')), ['lang-de.js', 'lang-uk.js']);
  const weight = (name) => readFileSync(at(`dist/${name}.gz`)).length;
  assert.ok(weight('chat.js') <= 21_500);
  assert.ok(weight('chat.js') + weight(rooms[0]) <= 40_000);
  // Else there would be two of what they share, or one more file to wait for.
  for (const name of ['chat.js', rooms[0]]) {
    assert.doesNotMatch(readFileSync(at(`dist/${name}`), 'utf8'), /^import|\bfrom"/, name);
  }
  assert.ok(readFileSync(at('dist/chat.js'), 'utf8').includes(`import("./${rooms[0]}")`));
});

test('the headless client runs where there is no page', { skip }, async () => {
  const { ChatClient, INITIAL } = await import(at('dist/client.js').href);
  assert.equal(new ChatClient({ server: 'https://chat.test', token: 't' }).getSnapshot(), INITIAL);
});

test('every language says everything, with the values that English names', async () => {
  const [first, later, de, uk] = await Promise.all(
    ['en', 'en-rooms', 'de', 'uk'].map(async (name) => (await import(at(`src/i18n/${name}.js`).href)).default),
  );
  const en = { ...first, ...later };
  const values = (text) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g) ?? [])].sort();
  // The platform's words are English as they come.
  const said = (texts) => Object.keys(texts).filter((key) => !key.startsWith('word_')).sort();
  for (const other of [de, uk]) {
    assert.deepEqual(said(other), said(en));
    for (const [key, text] of Object.entries(en)) assert.deepEqual(values(other[key]), values(text), key);
  }
});
