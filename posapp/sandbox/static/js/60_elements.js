// Single elements: texts in our document, fields and forms in frames of the vendor. drop-in.md 1.4.

const ELEMENTS = {
  compliance: complianceElement, delayedpaymentinstructions: instructionsElement, offlinerefund: offlineRefundElement,
  cardnumber: cardElement, cardexpiration: cardElement, cardcvv: cardElement,
};
const CARD_ELEMENTS = ['cardnumber', 'cardexpiration', 'cardcvv'];
const STATES = ['complete', 'empty', 'focus', 'invalid'];

function createElement(river, type, options) {
  const name = String(type).toLowerCase();
  if (!Object.hasOwn(ELEMENTS, name)) { throw new Error('Unknown element type: ' + type); }
  if (river.elements.has(name)) { throw new Error('An element of this type already exists: ' + type); }
  const element = new PageElement(river, name);
  element.made = ELEMENTS[name](river, Object.assign({}, options), element);
  river.elements.set(name, element);
  return element.surface();
}

class PageElement {
  constructor(river, name) {
    this.river = river;
    this.name = name;
    this.listeners = {};
    this.place = null;
    this.destroyed = false;
  }

  surface() {
    const shown = {
      mount: (target) => this.mount(placeOf(target)), unmount: () => this.unmount(), destroy: () => this.destroy(),
      on: (event, listener) => { (this.listeners[event] = this.listeners[event] || []).push(listener); },
      update: (changes) => { this.made.update(changes || {}); },
    };
    for (const verb of ['focus', 'blur', 'clear']) { if (this.made[verb]) { shown[verb] = () => this.made[verb](); } }
    Object.defineProperty(shown, 'river', { value: this });
    return shown;
  }

  mount(place) {
    if (this.destroyed) { throw new Error('This element was destroyed: ' + this.name); }
    this.unmount();
    this.place = place;
    Promise.resolve(this.made.draw(place)).then(() => { if (this.made.tellsReady && this.place === place) { this.tell('ready', { elementType: this.name }); } });
  }

  unmount() {
    if (!this.place) { return; }
    if (this.made.leave) { this.made.leave(this.place); }
    this.place.replaceChildren();
    this.place = null;
  }

  destroy() {
    this.unmount();
    this.destroyed = true;
    this.river.elements.delete(this.name);
  }

  tell(event, detail) { (this.listeners[event] || []).forEach((listener) => listener(detail)); }
}

function complianceElement(river, options, element) {
  let call = options.compliance || {};
  let classes = options.classes || {};
  const draw = function (place) {
    const locale = String(call.locale || '');
    const details = complianceDetails({
      businessEntityCode: call.businessEntityCode || call.entity, language: call.language || locale.slice(0, 2),
      country: call.country || locale.slice(3), jpCommerceLawPageUrl: call.jpCommerceLawPageUrl,
    });
    const footer = legalFooter(details.disclosure, river.words);
    footer.className += ' ' + (classes.base || '');
    place.replaceChildren(footer);
  };
  return {
    draw: draw,
    update: function (changes) {
      call = Object.assign({}, call, changes.compliance);
      classes = Object.assign({}, classes, changes.classes);
      if (element.place) { draw(element.place); }
    },
  };
}

// An element that lives in a frame: classes on its container follow what the frame tells.
function framedElement(river, element, page, facts, options) {
  let frame = null;
  let settings = options;
  const classOf = (state) => (settings.classes || {})[state] || (state === 'base' ? 'DRElement' : 'DRElement--' + state);
  const mark = (place, state, on) => { classOf(state).split(/\s+/).filter(Boolean).forEach((one) => place.classList.toggle(one, on)); };
  const call = (name, detail) => frame ? frame.call(name, detail) : Promise.resolve(null);
  return {
    tellsReady: true,
    frameName: () => (frame ? frame.node.name : ''),
    call: call,
    draw: function (place) {
      frame = new Frame(page, facts.title, Object.assign({ key: river.key, locale: river.locale }, facts.more));
      frame.on('height', (height) => { frame.node.style.height = height + 'px'; });
      frame.on('state', (states) => { STATES.forEach((one) => mark(place, one, Boolean(states[one]))); });
      frame.on('tell', (told) => element.tell(told.event, Object.assign(told.detail, { elementType: element.name })));
      mark(place, 'base', true);
      place.replaceChildren(frame.node);
      return frame.call('settings', settings);
    },
    leave: function (place) {
      ['base', ...STATES].forEach((one) => mark(place, one, false));
      frame.remove();
      frame = null;
    },
    update: function (changes) {
      settings = Object.assign({}, settings, changes);
      call('settings', settings);
    },
    focus: () => call('focus'), blur: () => call('blur'), clear: () => call('clear'),
  };
}

function cardElement(river, options, element) {
  const title = { cardnumber: 'cardNumber', cardexpiration: 'expiry', cardcvv: 'cvv' }[element.name];
  return framedElement(river, element, 'field.html', { title: river.words[title], more: { field: element.name } }, options);
}

function offlineRefundElement(river, options, element) {
  if (!options.refundToken) { throw new Error('Please provide a refundToken'); }
  const made = framedElement(river, element, 'refund.html', { title: river.words.refundTitle }, options);
  delete made.clear;
  return made;
}

const INSTRUCTIONS = {
  wireTransfer: ['accountHolder', 'bankName', 'city', 'country', 'accountNumber', 'iban', 'swiftCode', 'additionalBankInformation'],
  konbini: ['storeName', 'receiptNumber'],
  bPay: ['billId', 'customerPaymentReference', 'accountHolder', 'bankName', 'accountNumber'],
  boletoBancario: ['barCode'],
};

function instructionsElement(river, options, element) {
  if (!options.sourceId || !options.sourceClientSecret) { throw new Error('Please provide a sourceId and a sourceClientSecret'); }
  const draw = function (place) {
    const box = el('div', { class: look('DR-delayed-payment-instructions-container'), lang: river.locale });
    place.replaceChildren(box);
    return river.fetchSource(options.sourceId, options.sourceClientSecret).then(function (told) {
      if (told.source && INSTRUCTIONS[told.source.type]) { writeInstructions(box, river, told.source); }
    });
  };
  return {
    tellsReady: true,
    draw: draw,
    update: function (changes) {
      Object.assign(options, changes);
      if (element.place) { draw(element.place); }
    },
  };
}

function writeInstructions(box, river, source) {
  const words = river.words;
  const facts = source[source.type] || {};
  const rows = [[words.amount, money(source.amount, source.currency, river.locale)]];
  if (facts.referenceId) { rows.push([words.reference, facts.referenceId]); }
  INSTRUCTIONS[source.type].forEach(function (key) {
    const value = key === 'storeName' ? facts.localizedStoreName || facts.storeName : facts[key];
    if (value) { rows.push([words[key] || '', value]); }
  });
  if (source.expirationTime) { rows.push([words.payBy, new Date(source.expirationTime).toLocaleDateString(river.locale, { dateStyle: 'long' })]); }
  const list = el('dl', { class: 'DR-instructions' });
  rows.forEach((row) => list.append(el('dt', { text: row[0] }), el('dd', { text: row[1] })));
  box.append(el('h2', { text: source.type === 'konbini' ? words.instructionsKonbini : words.instructionsWire }), list,
    el('p', { class: 'DR-text', text: words.notReleased }));
}

function money(amount, currency, locale) {
  return new Intl.NumberFormat(locale, { style: 'currency', currency: currency }).format(Number(amount));
}
