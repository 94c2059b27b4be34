// A small marketplace around the widget: its jobs come from the platform's stand-in at
// /marketplace/, everything that is said from the widget's own client.

import { configure, latest, nameOf, roomOfJob } from '/widget/chat.js';

const STATUSES = ['searching', 'assigned', 'in_progress', 'completed'];
const WORDS = {
  searching: 'Looking for a cleaner',
  assigned: 'Booked',
  in_progress: 'In progress',
  completed: 'Completed',
};
const VIEWS = {
  client: { eyebrow: 'Your home', title: 'Good to see you', lead: 'Your bookings, and the people who take care of them.', jobs: 'Your bookings' },
  cleaner: { eyebrow: 'Your work', title: 'Ready when you are', lead: 'The jobs you are assigned to, each with its own conversation.', jobs: 'Your jobs' },
  admin: { eyebrow: 'The office', title: 'All in view', lead: 'Who waits for an answer, and how the work goes.', jobs: 'All jobs' },
};

const at = (selector, within = document) => within.querySelector(selector);
const framed = window !== window.top;
const query = new URLSearchParams(location.search);
document.documentElement.lang = query.get('lang') ?? 'en';
document.documentElement.dir = query.get('dir') ?? 'ltr';

/** From the address's fragment, which is then taken out of the address bar; kept for reloads. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    // Frames of one tab share this store, and get their token from the page around them.
    if (!framed) sessionStorage.setItem('token', given);
  }
  return given ?? (framed ? null : sessionStorage.getItem('token'));
}

const token = takeToken();
let chat;
let market = { me: null, role: '', jobs: [], cleaners: [] };
let known = '';

async function ask(path, options = {}) {
  return fetch(path, { ...options, headers: { Authorization: `Bearer ${token}` } });
}

function stop(title, lead) {
  at('.eyebrow').textContent = 'E-Cleaner Chat';
  at('h1').textContent = title;
  at('.lead').textContent = lead;
}

function tell(text) {
  const toast = at('.toast');
  toast.textContent = text;
  toast.classList.add('on');
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => toast.classList.remove('on'), 4_000);
}

// ----- what the platform knows ---------------------------------------------------------------

async function loadJobs() {
  const answer = await ask('/marketplace/jobs');
  if (!answer.ok) return answer.status;
  const before = market.jobs;
  market = await answer.json();
  for (const lost of before.filter((job) => !market.jobs.some((now) => now.id === job.id))) {
    tell(`“${lost.title}” is not yours any more.`);
  }
  drawJobs();
  return answer.status;
}

async function play(job, change) {
  const answer = await ask(`/marketplace/jobs/${job.id}?${new URLSearchParams(change)}`, { method: 'POST' });
  if (!answer.ok) tell('That did not work.');
  await loadJobs();
}

/** What of the chat's state tells that the platform wrote something. */
const signsOfChange = (state) =>
  JSON.stringify(
    Object.values(state.rooms)
      .filter(({ info }) => info.room_type === 'job')
      .map(({ info, left }) => [info.job?.id, info.job?.status, left, info.participants.map((p) => p.user.id)]),
  );

// ----- drawing: text only, never markup -----------------------------------------------------

function element(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(text, act, className = '') {
  const made = element('button', className, text);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

function person(who, role) {
  const line = element('div', 'person');
  const face = element('span', 'face', who ? who.name[0] : '?');
  face.setAttribute('aria-hidden', 'true');
  face.dataset.hue = who ? who.id : 'none';
  const words = element('span', 'who');
  words.append(element('b', '', who ? who.name : 'Nobody yet'), element('small', '', role));
  line.append(face, words);
  return line;
}

function drawJobs() {
  const cards = at('.cards');
  const open = new Set([...cards.querySelectorAll('details[open]')].map((d) => d.closest('.card').dataset.job));
  const focused = document.activeElement?.closest?.('.card')?.dataset.job;
  const focusedOn = document.activeElement?.textContent;
  cards.replaceChildren(...market.jobs.map((job) => card(job, open.has(job.id))));
  at('.jobs > .none').hidden = market.jobs.length > 0;
  if (focused) {
    const now = at(`.card[data-job="${focused}"]`);
    const same = now && [...now.querySelectorAll('button, summary')].find((b) => b.textContent === focusedOn);
    (same ?? (now && at('summary', now)))?.focus();
  }
  drawTalk();
}

function card(job, isOpen) {
  const made = at('#card').content.cloneNode(true).firstElementChild;
  made.dataset.job = job.id;
  made.dataset.status = job.status;
  at('h3', made).textContent = job.title;
  at('.pill', made).textContent = WORDS[job.status] ?? job.status;
  for (const fact of ['time', 'place', 'price']) at(`[data-is=${fact}]`, made).textContent = job[fact];
  const step = STATUSES.indexOf(job.status);
  [...at('.steps', made).children].forEach((li, i) => li.classList.toggle('done', i <= step));
  const people = at('.people', made);
  if (market.role !== 'client') people.append(person(job.client, 'Client'));
  if (market.role !== 'cleaner') people.append(person(job.cleaner, 'Cleaner'));
  at('.primary span', made).textContent = label(job);
  at('.primary', made).addEventListener('click', () => at('chat-panel').showRoom({ job: job.id }));
  at('details', made).open = isOpen;
  at('.play', made).append(...plays(job));
  return made;
}

function label(job) {
  if (market.role === 'admin') return 'Open the conversation';
  const other = market.role === 'client' ? job.cleaner : job.client;
  if (job.status === 'completed') return 'Read the conversation';
  return other ? `Message ${other.name}` : 'Open the conversation';
}

function plays(job) {
  const all = STATUSES.filter((status) => status !== job.status && (status !== 'searching')).map((status) =>
    button(`Say “${WORDS[status].toLowerCase()}”`, () => play(job, { status })),
  );
  if (market.role === 'cleaner') return all;
  const assigning = market.cleaners
    .filter((cleaner) => cleaner.id !== job.cleaner?.id)
    .map((cleaner) => button(`Assign ${cleaner.name}`, () => play(job, { cleaner: cleaner.id })));
  if (job.cleaner) assigning.push(button(`Unassign ${job.cleaner.name}`, () => play(job, { cleaner: '' }), 'danger'));
  return [...all, ...assigning];
}

/** What the chat knows of each job: who is typing, the last words, what is unread. */
function drawTalk() {
  const state = chat.getSnapshot();
  for (const made of document.querySelectorAll('.card')) {
    const room = roomOfJob(state, made.dataset.job);
    const unread = room?.unread ?? 0;
    const count = at('.count', made);
    count.hidden = unread === 0;
    count.textContent = unread > 99 ? '99+' : String(unread);
    count.setAttribute('aria-label', `${unread} unread`);
    const last = at('.last', made);
    const words = room && room.left === null ? spoken(state, room) : '';
    last.hidden = words === '';
    last.textContent = words;
  }
}

function spoken(state, room) {
  if (room.typing.length) return `${nameOf(room.typing[0].user)} is writing …`;
  const message = latest(room);
  if (!message || message.deleted_at || !message.content) return '';
  const mine = String(message.sender.id) === String(state.me?.id);
  if (message.message_type === 'system' || message.message_type === 'job_update') return '';
  return `${mine ? 'You' : nameOf(message.sender)}: ${message.content}`;
}

// ----- the office: the list at the left, a room at the right -----------------------------------

function openOffice() {
  const list = document.createElement('chat-list');
  list.queue = true;
  at('.desk').hidden = false;
  at('.split').prepend(list);
  list.addEventListener('chat-select', ({ detail }) => {
    if (matchMedia('(max-width: 820px)').matches) {
      at('chat-panel').showRoom(detail);
      return;
    }
    const room = document.createElement('chat-room');
    room.room = detail.room;
    room.message = detail.message ?? null;
    at('.stage').replaceChildren(room);
  });
}

// ----- start ---------------------------------------------------------------------------------

async function start() {
  if (!token) {
    stop('Welcome', 'Open one of the addresses that ./chat demo printed: they end in #token=…');
    return;
  }
  chat = configure({ token });
  const status = await loadJobs();
  if (status !== 200) {
    chat.disconnect();
    stop('That address is old', 'Open one of the addresses that ./chat demo printed last.');
    return;
  }
  const view = VIEWS[market.role];
  document.body.dataset.role = market.role;
  document.title = `E-Cleaner: ${view.jobs.toLowerCase()}`;
  at('.eyebrow').textContent = view.eyebrow;
  at('h1').textContent = `${view.title}, ${market.me.name}`;
  at('.lead').textContent = view.lead;
  at('#jobs').textContent = view.jobs;
  at('.top nav').hidden = false;
  at('.jobs').hidden = false;
  at('#beside').hidden = framed;
  at('.me b').textContent = market.me.name;
  at('.me small').textContent = market.role;
  at('.me .face').textContent = market.me.name[0];
  at('.me .face').dataset.hue = market.me.id;

  const support = at('#support');
  support.hidden = market.role === 'admin';
  support.addEventListener('click', () => at('chat-panel').showRoom({ support: true }));
  known = signsOfChange(chat.getSnapshot());
  chat.subscribe(() => {
    const now = signsOfChange(chat.getSnapshot());
    drawTalk();
    if (now !== known) {
      known = now;
      void loadJobs();
    }
  });
  if (market.role === 'admin') openOffice();
}

// Another address of the demo was put into the address bar.
addEventListener('hashchange', () => location.hash.includes('token=') && location.reload());
void start();
