/**
 * A page to work on the widget with, and a chat in memory behind it: `npm run build && npm run dev`,
 * then open the address it prints. Loopback only; nothing is kept.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { WebSocketServer } from 'ws';
import { FakeChat } from '../test/fake-chat.js';

const PORT = Number(process.env.PORT ?? 8123);
const MINUTE = 60_000;
const chat = new FakeChat();
chat.attachments = new Map();
const files = new Map();
chat.user(0, 'E-Cleaner', 'service');
chat.user(1, 'Anna');
chat.user(2, 'John', 'cleaner');
chat.user(3, 'Maria', 'cleaner');
chat.user(4, 'Olena', 'admin');
chat.user(5, 'Maximiliane-Konstantina von und zu Hohenstein-Wittgenburg', 'cleaner');
const ago = (minutes) => Date.now() - minutes * MINUTE;

const kitchen = chat.room({ job: 5, people: [1, 2], title: 'Kitchen and windows' });
kitchen.log.length = 0;
const talk = [
  [2, 'Hi Anna! I am your cleaner for Saturday.', 26 * 60],
  [2, 'Is there anything I should bring?', 26 * 60 - 1],
  [1, 'Hello John 👋', 25 * 60],
  [1, 'Everything is here, the vacuum cleaner is in the hall cupboard. The keys are with the neighbour, second floor on the left. Please ring twice, she does not hear that well.', 25 * 60 - 1],
  [2, 'Great, thank you', 24 * 60],
  [2, 'This is the place on the map: https://maps.example.com/?q=Khreshchatyk+22.', 24 * 60 - 1],
  [1, 'Exactly', 95],
  [2, 'There is a stain on the worktop. Shall I try with vinegar?', 42],
];
for (const [who, text, minutes] of talk) chat.post(kitchen, who, text, { at: ago(minutes) });
chat.post(kitchen, 0, '', {
  at: ago(60),
  message_type: 'job_update',
  data: { status: { from: 'assigned', to: 'in_progress' } },
});
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#8fb3d9"/><stop offset="1" stop-color="#e7d3b1"/></linearGradient></defs><rect width="800" height="600" fill="url(#g)"/><rect y="380" width="800" height="220" fill="#c9b08a"/><ellipse cx="420" cy="470" rx="120" ry="38" fill="#8a5a3c" opacity=".55"/></svg>`;
files.set('a1', { type: 'image/svg+xml', body: Buffer.from(svg) });
const attached = (id, name, content_type, size, width, height) => ({
  id, name, content_type, size, width, height,
  url: `/chat/attachments/${id}/`, thumbnail_url: null,
});
chat.post(kitchen, 2, 'Here it is', {
  at: ago(41),
  message_type: 'image',
  attachment: attached('a1', 'stain.jpg', 'image/jpeg', 48_213, 800, 600),
});
const question = kitchen.log.find((m) => m.content.includes('vinegar'));
chat.post(kitchen, 1, 'Yes please, but only a little', { at: ago(39), reply_to: question.id });
chat.read(kitchen, 1, kitchen.log.length);
chat.read(kitchen, 2, kitchen.log.length);
chat.post(kitchen, 2, 'Done, it came off completely ✨', { at: ago(6) });
chat.post(kitchen, 2, 'I will do the windows now.', { at: ago(5) });

const flat = chat.room({ job: 6, people: [1, 3], title: 'Two-room flat' });
chat.post(flat, 3, 'See you on Monday at nine.', { at: ago(3 * 24 * 60) });
chat.post(flat, 1, 'Perfect, thank you!', { at: ago(3 * 24 * 60 - 5) });
chat.read(flat, 1, 2);
chat.read(flat, 3, 2);
const support = chat.room({ type: 'support', name: 'support', topic: 'Invoice', people: [1, 4] });
chat.post(support, 4, 'We have corrected the invoice. It is in your inbox.', { at: ago(200) });
const old = chat.room({ job: 2, people: [1, 3], title: 'Spring cleaning' });
chat.post(old, 3, 'All done. It was a pleasure!', { at: ago(40 * 24 * 60) });
chat.read(old, 1, 1);
chat.close(old);
const hard = chat.room({ job: 11, people: [1, 5], title: 'Donaudampfschifffahrtsgesellschaftskapitänswohnung, 4th floor, the door with the blue handle' });
for (const [who, text, minutes] of [
  [5, 'https://maps.example.com/a/very/long/address/without/any/place/to/break/it/at/all?query=0123456789012345678901234567890123456789', 620],
  [1, '👍', 610],
  [5, '🎉🎉🎉', 609],
  [1, 'مرحبا، المفاتيح عند الجيران', 600],
  [5, 'Hello مرحبا mixed שלום text, and then some more of it so that it needs a second line', 598],
  [1, 'LlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochLlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch', 590],
  [5, 'A list:\n  1. keys\n  2. vacuum cleaner\n\n  3. <b>not bold</b> & &amp;', 580],
]) chat.post(hard, who, text, { at: ago(minutes) });
chat.edit(hard, hard.log[5], 'Llanfairpwllgwyngyll is shorter');
chat.post(hard, 1, 'gone', { at: ago(575) });
chat.delete(hard, hard.log.at(-1));
chat.read(hard, 1, hard.log.length);
for (let i = 0; i < 120; i++) chat.post(support, 4, `Note ${i + 1}`, { at: ago(190 - i) });
const team = chat.room({ type: 'general', name: 'Cleaners of Kyiv', people: [1, 2, 3, 4, 5] });
for (const [who, text, minutes] of [
  [2, 'Who has the big ladder?', 900],
  [3, 'It is in the van', 899],
  [3, 'The blue one', 899],
  [4, 'Please bring it back until Friday', 880],
]) chat.post(team, who, text, { at: ago(minutes) });
chat.read(team, 1, 4);
const fresh = chat.room({ job: 9, people: [1, 2], title: 'Balcony' });
fresh.updated_at = new Date(ago(50 * 24 * 60)).toISOString();

const long = chat.room({ job: 7, people: [1, 2], title: 'The long one' });
const count = Number(process.env.LONG ?? 10_000);
for (let i = 1; i <= count; i++) {
  chat.post(long, 1 + (Math.floor(i / 3) % 2), `Message ${i} ${'with some more words '.repeat(i % 7)}`, {
    at: ago(60 * 24 * 70 + (count - i) * 3),
  });
}
chat.read(long, 1, count);
chat.read(long, 2, count);
long.updated_at = new Date(ago(60 * 24 * 70)).toISOString();

const TYPES = { '.js': 'text/javascript', '.html': 'text/html', '.css': 'text/css', '.ts': 'text/plain' };
const root = join(import.meta.dirname, '..');

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://x');
  const send = (status, body, type = 'application/json') => {
    response.writeHead(status, {
      'Content-Type': type,
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': '*',
      'Content-Security-Policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; connect-src 'self'; require-trusted-types-for 'script'",
    });
    response.end(body);
  };
  if (request.method === 'OPTIONS') return send(204);
  const who = request.headers.authorization?.slice(7);
  if (url.pathname === '/chat/tickets/') return send(201, JSON.stringify({ ticket: who, expires_in: 30 }));
  if (url.pathname === '/chat/search/') {
    const all = chat.search(Number(who), url.searchParams.get('q'));
    const from = Number(url.searchParams.get('cursor') ?? 0);
    const next = all.length > from + 20 ? String(from + 20) : null;
    return send(200, JSON.stringify({ results: all.slice(from, from + 20), next }));
  }
  if (url.pathname === '/chat/rooms/') return send(200, JSON.stringify(chat.queue(Number(who), url)));
  const edits = /^\/chat\/rooms\/\d+\/messages\/(\d+)\/edits\/$/.exec(url.pathname);
  if (edits) return send(200, JSON.stringify({ results: chat.earlier.get(Number(edits[1])) ?? [], next: null }));
  const open = /^\/chat\/rooms\/(\d+)\/(close|reopen)\/$/.exec(url.pathname);
  if (open) {
    const room = chat.rooms().find((r) => r.id === Number(open[1]));
    chat.close(room, open[2] === 'reopen');
    return send(200, JSON.stringify(chat.info(room, Number(who))));
  }
  const file = /^\/chat\/attachments\/(\w+)\//.exec(url.pathname);
  if (file) {
    const found = files.get(file[1]);
    return found ? send(200, found.body, found.type) : send(404, '{"code":"not_found"}');
  }
  if (url.pathname === '/chat/attachments/' && request.method === 'POST') {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const form = await new Response(Buffer.concat(chunks), { headers: request.headers }).formData();
      const blob = form.get('file');
      const id = `u${files.size}`;
      files.set(id, { type: blob.type, body: Buffer.from(await blob.arrayBuffer()) });
      const attachment = attached(id, blob.name, blob.type, blob.size, null, null);
      chat.attachments.set(id, attachment);
      send(201, JSON.stringify(attachment));
    });
    return;
  }
  const path = url.pathname === '/' ? 'dev/index.html' : url.pathname.replace(/^\/widget\//, 'dist/').slice(url.pathname.startsWith('/widget/') ? 0 : 1);
  const target = join(root, path);
  if (!target.startsWith(root) || !existsSync(target)) return send(404, 'not found', 'text/plain');
  send(200, readFileSync(target), TYPES[extname(target)] ?? 'application/octet-stream');
});

new WebSocketServer({ server, path: '/ws/' }).on('connection', (socket, request) => {
  const query = new URL(request.url, 'http://x').searchParams;
  const user = Number(query.get('ticket') ?? query.get('token'));
  const conn = chat.connect(user, (frame) => socket.send(JSON.stringify(frame)));
  socket.on('message', (data) => conn.receive(JSON.parse(String(data))));
  socket.on('close', () => conn.close());
});

server.listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}/?user=1`));

// For trying things out by hand: `typing`, `say some text`, `kick`.
process.stdin.on('data', (data) => {
  const [verb, ...words] = String(data).trim().split(' ');
  if (verb === 'typing') chat.typing(kitchen, 2, true);
  if (verb === 'say') chat.post(kitchen, 2, words.join(' '));
  if (verb === 'kick') chat.remove(kitchen, 1);
});
