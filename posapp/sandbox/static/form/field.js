// One card field as an element of its own. Its digits go to the payment service, or to a sibling field that sends them.

const FIELDS = {
  cardnumber: { id: 'card-number', word: 'cardNumber', autocomplete: 'cc-number', length: 26, hint: '•••• •••• •••• ••••', problem: numberProblem },
  cardexpiration: { id: 'card-expiry', word: 'expiry', autocomplete: 'cc-exp', length: 9, hint: words.expiryHint, problem: (text) => expiryProblem(text, new Date()) },
  cardcvv: { id: 'card-cvv', word: 'cvv', autocomplete: 'cc-csc', length: 4, hint: '•••', problem: (text) => codeProblem(text, anyBrand(text)) },
};
const kind = FIELDS[facts.field] || FIELDS.cardcvv;
const form = document.getElementById('field-form');
const input = form.querySelector('input');
const box = input.parentElement;
let focused = false;
let loud = false;

// A security code alone: three digits or four, the card is known elsewhere.
function anyBrand(text) { return { code: text.length === 4 ? 4 : 3 }; }

function value() { return facts.field === 'cardexpiration' ? input.value : input.value.replace(/\D/g, ''); }

function problem() { return kind.problem(value()); }

function tell(event, detail) { tellPage('tell', { event: event, detail: detail || {} }); }

function now() {
  const code = problem();
  const empty = input.value === '';
  const wrong = Boolean(code) && !empty && (loud || !code.startsWith('incomplete'));
  return { complete: !code, empty: empty, focus: focused, invalid: wrong, code: code };
}

function show() {
  const states = now();
  for (const name of ['complete', 'empty', 'focus', 'invalid']) { box.classList.toggle('DRElement--' + name, states[name]); }
  input.setAttribute('aria-invalid', String(states.invalid));
  tellPage('state', states);
  return states;
}

function changed() {
  const states = show();
  const detail = { complete: states.complete, empty: states.empty, error: null };
  if (!states.empty && states.code) { detail.error = { type: 'validation_error', code: states.code, message: words[states.code] }; }
  if (facts.field === 'cardnumber') { detail.brand = brandOf(value()).id || 'unknown'; }
  tell('change', detail);
}

input.addEventListener('input', function () {
  if (facts.field === 'cardnumber') {
    const digits = value().slice(0, 19);
    const brand = brandOf(digits);
    if (input.selectionStart === input.value.length) { input.value = grouped(digits, brand.groups); }
    document.getElementById('brand').className = brand.id ? 'mark mark-' + brand.id : '';
    document.getElementById('brand').textContent = digits ? brand.name : '';
  }
  loud = false;
  changed();
});
input.addEventListener('focus', function () { focused = true; show(); tell('focus'); });
input.addEventListener('blur', function () { focused = false; loud = input.value !== ''; changed(); tell('blur'); });
form.addEventListener('submit', function (event) { event.preventDefault(); tell('return'); });

// What a sibling field of the same vendor may ask: the value, or the error that stands in its way.
window.drField = function () {
  loud = true;
  show();
  const code = problem();
  return { name: facts.field, value: value(), error: code ? { code: code, message: words[code] } : null };
};

function siblings(names) {
  const found = [];
  for (let at = 0; at < window.parent.length; at += 1) {
    try {
      const frame = window.parent[at];
      if (typeof frame.drField === 'function' && names.includes(frame.name)) { found.push(frame.drField()); }
    } catch (error) {
      if (error.name !== 'SecurityError') { throw error; } // a frame of somebody else
    }
  }
  return found;
}

function refused(fields) {
  const errors = fields.map((field) => field.error).filter(Boolean);
  return errors.length ? { error: { type: 'validation_error', errors: errors } } : null;
}

function createSource(call) {
  const fields = siblings(call.parts);
  const wrong = refused(fields);
  if (wrong) { return wrong; }
  const card = {};
  fields.forEach(function (field) {
    if (field.name === 'cardnumber') { card.number = field.value; }
    if (field.name === 'cardcvv') { card.cvv = field.value; }
    if (field.name === 'cardexpiration') { Object.assign(card, expiryBody(field.value)); }
  });
  return callService('POST', '/payments/sources', Object.assign({}, call.order, { creditCard: card })).then((answer) => ({ answer: answer }));
}

function expiryBody(text) {
  const date = expiryOf(text);
  return { expirationMonth: date.month, expirationYear: date.year };
}

function updateSource(call) {
  const wrong = refused([window.drField()]);
  return wrong || callService('POST', call.path, Object.assign({}, call.changes, expiryBody(value()))).then((answer) => ({ answer: answer }));
}

// The service's answer; a security code that cannot be right is an answer of ours.
function authenticate(call) {
  const wrong = refused([window.drField()]);
  return wrong ? { status: 400, body: Object.assign({ type: 'validation_error' }, wrong.error) }
    : callService('POST', call.path, Object.assign({}, call.body, { cvv: value() }));
}

function useSettings(given) {
  form.hidden = false;
  input.placeholder = given.placeholderText || kind.hint;
  applyStyle(given.style);
  tellPage('height', Math.ceil(form.getBoundingClientRect().height) + 8);
  show();
}

input.id = kind.id;
input.autocomplete = kind.autocomplete;
input.maxLength = kind.length;
if (facts.field === 'cardcvv') { input.type = 'password'; }
input.setAttribute('aria-label', words[kind.word]);
document.title = words[kind.word];
answerPage({
  settings: useSettings, createSource: createSource, updateSource: updateSource, authenticate: authenticate,
  focus: () => input.focus(), blur: () => input.blur(),
  clear: function () { input.value = ''; loud = false; changed(); },
});
