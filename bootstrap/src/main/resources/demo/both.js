// Two people's pages beside each other. Each frame gets its token by its address's fragment, which
// no server sees.

const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? sessionStorage.getItem('token');
const main = document.querySelector('main');

function frame(title, itsToken) {
  const element = document.createElement('iframe');
  element.title = title;
  element.allow = 'clipboard-write';
  element.src = `/#token=${itsToken}`;
  return element;
}

const answer = token && (await fetch('/marketplace/beside', { headers: { Authorization: `Bearer ${token}` } }));
if (answer?.ok) {
  main.append(frame('You', token), frame('The other one', await answer.text()));
  history.replaceState(null, '', location.pathname);
  sessionStorage.setItem('token', token);
} else {
  const notice = document.createElement('p');
  notice.textContent = 'Open one of the addresses that ./chat demo printed first.';
  main.append(notice);
}
