// What every vendor frame shares: facts from its address, words, the line to the page that holds it. WORDS is put in front.

const facts = Object.fromEntries(new URLSearchParams(window.location.hash.slice(1)));
const words = WORDS[(facts.locale || 'en').slice(0, 2)] || WORDS.en;
document.documentElement.lang = facts.locale || 'en';
document.querySelectorAll('[data-word]').forEach(function (node) { node.textContent = words[node.dataset.word]; });

function tellPage(name, detail) {
  window.parent.postMessage({ river: name, detail: detail }, facts.parent);
}

// Answers calls of the holding page: handlers[name](detail) may return a promise.
function answerPage(handlers) {
  window.addEventListener('message', function (event) {
    if (event.source !== window.parent || event.origin !== facts.parent || !event.data || !Object.hasOwn(handlers, event.data.river)) { return; }
    Promise.resolve(handlers[event.data.river](event.data.detail)).then(function (detail) {
      window.parent.postMessage({ answer: event.data.id, detail: detail === undefined ? null : detail }, facts.parent);
    });
  });
  tellPage('ready');
}

// {status, body}; status 0: nothing answered within the limit.
function callService(method, path, body) {
  return fetch(path, {
    method: method, cache: 'no-store', signal: AbortSignal.timeout(30000),
    headers: { Authorization: 'bearer ' + facts.key, 'Content-Type': 'application/json' },
    body: body === undefined || body === null ? undefined : JSON.stringify(body),
  }).then(function (response) {
    return response.json().catch(function () { return null; }).then(function (told) { return { status: response.status, body: told }; });
  }, function () { return { status: 0, body: null }; });
}
