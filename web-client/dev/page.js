import { configure } from '/widget/chat.js';

const query = new URLSearchParams(location.search);
document.documentElement.lang = query.get('lang') ?? 'en';
document.documentElement.dir = query.get('dir') ?? 'ltr';
window.chat = configure({
  token: query.get('token') ?? query.get('user') ?? '1',
  // Another chat server than the one in memory; the page's policy has to allow it.
  ...(query.get('server') && { server: query.get('server') }),
});
