// What every vendor frame shares: facts from its address, words, the line to the page that holds it. WORDS is put in front.

const facts = Object.fromEntries(new URLSearchParams(window.location.hash.slice(1)));
const words = WORDS[(facts.locale || 'en').slice(0, 2)] || WORDS.en;
document.documentElement.lang = facts.locale || 'en';
document.documentElement.dataset.scheme = facts.scheme === 'dark' ? 'dark' : 'light';
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

// {status, body}; status 0: nothing answered, `late` when the limit ran out.
const ANSWER_LIMIT_MS = 15000;

function callService(method, path, body) {
  return fetch(path, {
    method: method, cache: 'no-store', signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    headers: { Authorization: 'bearer ' + facts.key, 'Content-Type': 'application/json' },
    body: body === undefined || body === null ? undefined : JSON.stringify(body),
  }).then(function (response) {
    return response.json().catch(function () { return null; }).then(function (told) { return { status: response.status, body: told }; });
  }).catch(function (error) { return { status: 0, body: null, late: error.name === 'TimeoutError' }; });
}

// The page's `style` for the fields of this frame: known states, keys and pseudo classes only.
const STYLE_STATES = { base: '', empty: '.DRElement--empty ', complete: '.DRElement--complete ', invalid: '.DRElement--invalid ', focus: '.DRElement--focus ' };
const STYLE_KEYS = new Set(['color', 'backgroundColor', 'height', 'padding', 'lineHeight', 'fontFamily', 'fontSize', 'fontStyle', 'fontVariant', 'fontWeight',
  'fontSmoothing', 'letterSpacing', 'textAlign', 'textDecoration', 'textShadow', 'textTransform']);
const STYLE_PSEUDOS = new Set([':hover', ':focus', '::placeholder', ':-webkit-autofill']);

function declarations(values) {
  return Object.keys(values).filter((key) => STYLE_KEYS.has(key) && !/[;{}<>\\]|url\s*\(/i.test(String(values[key]))).map(function (key) {
    const name = (key === 'fontSmoothing' ? 'WebkitFontSmoothing' : key).replace(/[A-Z]/g, (letter) => '-' + letter.toLowerCase());
    return name + ': ' + String(values[key]);
  }).join('; ');
}

function applyStyle(style) {
  const sheet = new CSSStyleSheet();
  for (const state of Object.keys(STYLE_STATES)) {
    const values = (style && style[state]) || {};
    const target = 'body ' + STYLE_STATES[state] + ':is(input, select)';
    sheet.insertRule(target + ' { ' + declarations(values) + ' }', sheet.cssRules.length);
    for (const pseudo of Object.keys(values).filter((key) => STYLE_PSEUDOS.has(key))) {
      sheet.insertRule(target + pseudo + ' { ' + declarations(values[pseudo]) + ' }', sheet.cssRules.length);
    }
  }
  document.adoptedStyleSheets = [sheet];
}
