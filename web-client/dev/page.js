import { configure } from '/widget/chat.js';

const query = new URLSearchParams(location.search);
document.documentElement.lang = query.get('lang') ?? 'en';
document.documentElement.dir = query.get('dir') ?? 'ltr';
window.chat = configure({
  token: query.get('token') ?? query.get('user') ?? '1',
  // Another chat server than the one in memory; the page's policy has to allow it.
  ...(query.get('server') && { server: query.get('server') }),
});
// The next message is refused, to see what that looks like.
window.fail = () => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (text) {
    const frame = JSON.parse(text);
    if (frame.type !== 'message') return send.call(this, text);
    WebSocket.prototype.send = send;
    const { client_id } = frame;
    const data = JSON.stringify({ type: 'error', code: 'invalid', detail: 'message', retryable: false, client_id });
    this.onmessage({ data });
  };
};
