// The constructor a page calls: `new DigitalRiver(publicKey, {locale})`. drop-in.md 1.1, 1.4.

class DigitalRiver {
  constructor(publicKey, options) {
    if (typeof publicKey !== 'string' || !publicKey) { throw new Error('Pass an API key.'); }
    const locale = knownLocale((options && options.locale) || document.documentElement.lang || 'en-US');
    const river = {
      key: publicKey, locale: locale, words: wordsOf(locale), elements: new Set(), controller: new Controller(publicKey, locale),
      retrieveSource: this.retrieveSource.bind(this),
    };
    Object.defineProperty(this, 'river', { value: river });
    this.Compliance = { getDetails: complianceDetails };
  }

  createDropin(config) { return createDropin(this.river, config || {}); }

  createElement(type, options) { return createElement(this.river, type, options); }

  retrieveSource(id, clientSecret) {
    return this.river.controller.send('POST', '/payments/sources/' + encodeURIComponent(id) + '/read', { clientSecret: clientSecret }).then(outcome);
  }

  authenticateSource(first, second) {
    const call = second || first || {};
    for (const key of ['sessionId', 'sourceId', 'sourceClientSecret']) {
      if (!call[key]) { throw new Error('Please provide a ' + key); }
    }
    const path = '/payments/sources/' + encodeURIComponent(call.sourceId) + '/authenticate';
    return this.river.controller.send('POST', path, { sessionId: call.sessionId, clientSecret: call.sourceClientSecret }).then((answer) => {
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

  retrieveKonbiniStores() {
    const words = this.river.words;
    return Promise.resolve(['010', '030', '060', '080'].map((id) => ({
      storeId: id, storeName: DATA.words.en['konbini_' + id], localizedStoreName: words['konbini_' + id],
      storeLogoUrl: new URL('images/konbini.svg', BASE).href,
    })));
  }
}

window.DigitalRiver = DigitalRiver;
