// Single elements: compliance footer and payment instructions. drop-in.md 1.4.

const ELEMENTS = { compliance: ComplianceElement, delayedpaymentinstructions: InstructionsElement };

function createElement(river, type, options) {
  const name = String(type).toLowerCase();
  if (!Object.hasOwn(ELEMENTS, name)) { throw new Error('Unknown element type: ' + type); }
  if (river.elements.has(name)) { throw new Error('An element of this type already exists: ' + type); }
  const made = ELEMENTS[name](river, options || {});
  river.elements.add(name);
  const listeners = {};
  let place = null;
  const element = {
    mount: function (target) {
      place = typeof target === 'string' ? document.getElementById(target) : target;
      if (!(place instanceof Element)) { throw new Error('Please provide a valid element or element id'); }
      Promise.resolve(made.draw(place)).then(() => (listeners.ready || []).forEach((listener) => listener({ elementType: name })));
    },
    unmount: function () { if (place) { place.replaceChildren(); } },
    destroy: function () { element.unmount(); river.elements.delete(name); },
    on: function (event, listener) { (listeners[event] = listeners[event] || []).push(listener); },
    update: function (changes) { made.update(changes || {}); if (place) { made.draw(place); } },
  };
  return element;
}

function ComplianceElement(river, options) {
  let call = options.compliance || {};
  let classes = options.classes || {};
  return {
    draw: function (place) {
      const details = complianceDetails({
        businessEntityCode: call.businessEntityCode || call.entity, language: call.language || String(call.locale || '').slice(0, 2),
        country: call.country || String(call.locale || '').slice(3), jpCommerceLawPageUrl: call.jpCommerceLawPageUrl,
      });
      const footer = legalFooter(details.disclosure, river.words);
      footer.className += ' ' + (classes.base || '');
      place.replaceChildren(footer);
    },
    update: function (changes) {
      call = Object.assign({}, call, changes.compliance);
      classes = Object.assign({}, classes, changes.classes);
    },
  };
}

const INSTRUCTIONS = {
  wireTransfer: ['accountHolder', 'bankName', 'city', 'country', 'accountNumber', 'iban', 'swiftCode', 'additionalBankInformation'],
  konbini: ['storeName', 'receiptNumber'],
};

function InstructionsElement(river, options) {
  if (!options.sourceId || !options.sourceClientSecret) { throw new Error('Please provide a sourceId and a sourceClientSecret'); }
  return {
    draw: function (place) {
      const box = el('div', { class: 'DR-delayed-payment-instructions-container', lang: river.locale });
      place.replaceChildren(box);
      return river.retrieveSource(options.sourceId, options.sourceClientSecret).then(function (told) {
        if (told.source && INSTRUCTIONS[told.source.type]) { writeInstructions(box, river, told.source); }
      });
    },
    update: function (changes) { Object.assign(options, changes); },
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
