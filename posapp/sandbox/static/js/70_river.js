// The constructor a page calls: `new DigitalRiver(publicKey, {locale})`. drop-in.md 1.1, 1.4.

class DigitalRiver {
  constructor(publicKey, options) {
    if (typeof publicKey !== 'string' || !/^pk_(test|live)_./.test(publicKey)) { throw new Error('Pass an API key.'); }
    if (!document.body) { throw new Error('DigitalRiver.js needs the body of the page: construct it later.'); }
    const locale = knownLocale((options && options.locale) || document.documentElement.lang || 'en-US');
    const river = {
      key: publicKey, locale: locale, words: wordsOf(locale), elements: new Map(), controller: new Controller(publicKey, locale),
      fetchSource: (id, clientSecret) => readSource(river, id, clientSecret).then(outcome),
    };
    Object.defineProperty(this, 'river', { value: river });
    this.Compliance = { getDetails: complianceDetails };
  }

  createDropin(config) { return createDropin(this.river, config || {}); }

  createElement(type, options) { return createElement(this.river, type, options); }

  // createSource([element,] data). Card data stays in the fields' frames: one of them sends it.
  createSource(first, second) {
    const order = Object.assign({ language: this.river.locale }, second || first);
    const element = second ? first.river : null;
    if (!element || !CARD_ELEMENTS.includes(element.name)) { return this.send('/payments/sources', order); }
    const parts = CARD_ELEMENTS.map((name) => this.river.elements.get(name)).filter(Boolean).map((one) => one.made.frameName());
    return element.made.call('createSource', { order: order, parts: parts }).then(answered);
  }

  retrieveSource(id, clientSecret) { return readSource(this.river, id, clientSecret).then(outcomeOrThrow); }

  // updateSource([cardExpirationElement,] {id, clientSecret, owner?}): cards only, owner and expiry only.
  updateSource(first, second) {
    const call = second || first || {};
    for (const key of ['id', 'clientSecret']) { if (!call[key]) { throw new Error('Please provide a ' + key); } }
    const path = sourcePath(call.id, 'update');
    const changes = { clientSecret: call.clientSecret, owner: call.owner };
    if (!second || first.river.name !== 'cardexpiration') { return this.send(path, changes); }
    return first.river.made.call('updateSource', { path: path, changes: changes }).then(answered);
  }

  authenticateSource(first, second) {
    const call = second || first || {};
    for (const key of ['sessionId', 'sourceId', 'sourceClientSecret']) {
      if (!call[key]) { throw new Error('Please provide a ' + key); }
    }
    const path = sourcePath(call.sourceId, 'authenticate');
    const body = { sessionId: call.sessionId, clientSecret: call.sourceClientSecret };
    const asked = second && second !== first && first ? first.river.made.call('authenticate', { path: path, body: body })
      : this.river.controller.send('POST', path, body);
    return asked.then((answer) => {
      const told = outcome(answer);
      if (!told.source) { return { status: 'failed' }; }
      if (told.source.status !== 'requires_action') { return { status: told.source.status }; }
      return challenge(this.river, told.source.source).then((after) => ({ status: after.source ? 'complete' : 'failed' }));
    });
  }

  retrieveAvailablePaymentMethods(query) {
    const known = new URLSearchParams();
    for (const key of Object.keys(query || {})) { known.set(key, String(query[key])); }
    return this.river.controller.send('GET', '/payments/payment-methods?' + known).then((answer) => {
      if (answer.status !== 200) { throw new Error('Payment methods are not available.'); }
      const told = answer.body;
      const result = {
        paymentMethods: told.paymentMethods.map((method) => Object.assign({ images: { iconImage: new URL('images/' + method.type + '.svg', BASE).href } }, method)),
      };
      if (told.sessionInformation) {
        const session = told.sessionInformation;
        result.sessionInformation = { currency: session.currency, country: session.country, amount: session.amount };
      }
      return result;
    });
  }

  retrieveOnlineBankingBanks(country, currency) {
    return Promise.resolve(banksOf({ country: country, currency: currency }).map((row) => ({ bankCode: row[0], bankName: row[1] })));
  }

  retrieveKonbiniStores() {
    const words = this.river.words;
    return Promise.resolve(['010', '030', '060', '080'].map((id) => ({
      storeId: id, storeName: DATA.words.en['konbini_' + id], localizedStoreName: words['konbini_' + id],
      storeLogoUrl: new URL('images/konbini.svg', BASE).href,
    })));
  }

  send(path, body) { return this.river.controller.send('POST', path, body).then(outcomeOrThrow); }
}

function sourcePath(id, verb) { return '/payments/sources/' + encodeURIComponent(id) + '/' + verb; }

function readSource(river, id, clientSecret) {
  return river.controller.send('POST', sourcePath(id, 'read'), { clientSecret: clientSecret });
}

// {error} of fields that are not right yet, or {answer} of the service.
function answered(told) { return told.error ? { source: null, error: told.error } : outcomeOrThrow(told.answer); }

window.DigitalRiver = DigitalRiver;
