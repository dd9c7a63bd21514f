// The drop-in form: an accordion of payment methods, terms, storage agreement, legal footer. drop-in.md 1.2, 1.3.

const BUTTONS = new Set(['continue', 'payNow', 'buyNow', 'completeOrder', 'submitOrder']);

function createDropin(river, config) {
  const options = Object.assign({ flow: 'checkout', showComplianceSection: true, expandFirstPaymentMethod: true }, config.options);
  checkDropin(config, options);
  return {
    mount: function (target) {
      const place = typeof target === 'string' ? document.getElementById(target) : target;
      if (!(place instanceof Element)) { throw new Error('Please provide a valid element or element id'); }
      new Dropin(river, config, options, place).open();
    },
    refresh: function () {},
  };
}

function checkDropin(config, options) {
  const managing = options.flow === 'managePaymentMethods';
  if (!managing && !config.sessionId) { throw new Error('Please provide a sessionId'); }
  const address = config.billingAddress;
  if (managing || address) {
    const at = (address && address.address) || {};
    const full = address && address.firstName && address.lastName && address.email && address.phoneNumber && at.line1 && at.country;
    if (!full) { throw new Error('Please provide a billingAddress with firstName, lastName, email, phoneNumber, address.line1 and address.country'); }
  }
  const methods = config.paymentMethodConfiguration || {};
  const both = (methods.enabledPaymentMethods || []).filter((type) => (methods.disabledPaymentMethods || []).includes(type));
  if (both.length) { throw new Error('A payment method cannot be both enabled and disabled: ' + both.join(', ')); }
  const redirect = options.redirect || {};
  if (redirect.disableAutomaticRedirects && (!redirect.returnUrl || redirect.returnUrl !== redirect.cancelUrl)) {
    throw new Error('Please provide a returnUrl and an equal cancelUrl');
  }
}

class Dropin {
  constructor(river, config, options, place) {
    this.river = river;
    this.config = config;
    this.options = options;
    this.place = place;
    this.managing = options.flow === 'managePaymentMethods';
    this.cards = [];
  }

  open() {
    this.river.controller.send('POST', '/payments/forms', { sessionId: this.config.sessionId, config: withoutFunctions(this.config) });
    const query = new URLSearchParams(this.config.sessionId ? { sessionId: this.config.sessionId }
      : { country: this.config.billingAddress.address.country, supportsStorage: 'true' });
    this.river.controller.send('GET', '/payments/payment-methods?' + query).then((answer) => {
      if (answer.status === 200) { this.show(answer.body); } else { this.fail(outcome(answer).error, ''); }
    });
  }

  show(told) {
    this.session = told.sessionInformation || {};
    const types = this.applicable(told.paymentMethods);
    const disclosure = this.disclosure();
    this.root = el('div', { class: 'DR-drop-in', lang: this.river.locale });
    this.cards = types.map((method) => new MethodCard(this, method, disclosure));
    this.root.append(el('div', { class: 'DR-methods' }, ...this.cards.map((card) => card.node)));
    if (disclosure && this.options.showComplianceSection && !this.managing) {
      this.root.append(legalFooter(disclosure, this.river.words));
    }
    this.place.replaceChildren(this.root);
    if (this.options.expandFirstPaymentMethod && this.cards.length) { this.expand(this.cards[0]); }
    Promise.all(this.cards.map((card) => card.ready)).then(() => {
      this.tell('onReady', { paymentMethodTypes: types.map((method) => method.type) });
    });
  }

  applicable(methods) {
    const chosen = this.config.paymentMethodConfiguration || {};
    const wallets = window.PaymentRequest ? [] : ['googlePay', 'applePay']; // their buttons cannot run here
    return methods.filter((method) => !wallets.includes(method.type) && (!chosen.enabledPaymentMethods || chosen.enabledPaymentMethods.includes(method.type)) &&
      !(chosen.disabledPaymentMethods || []).includes(method.type) && (!this.managing || method.supportsStorage));
  }

  disclosure() {
    const entity = this.session.businessEntityCode;
    if (!entity) { return null; }
    return complianceDetails({ businessEntityCode: entity, country: this.session.country, language: this.river.locale.slice(0, 2) }).disclosure;
  }

  expand(chosen) {
    this.cards.forEach((card) => card.toggle(card === chosen && !card.expanded));
  }

  tell(name, detail) {
    if (typeof this.config[name] === 'function') { this.config[name](detail); }
  }

  fail(error, type) {
    this.tell('onError', Object.assign({ paymentMethod: type }, error));
  }

  succeed(source, supportsStorage, ticks) {
    const told = {
      source: source, readyForStorage: source.state === 'chargeable' && Boolean(ticks.mandate), supportsStorage: supportsStorage,
    };
    if (this.options.showTermsOfSaleDisclosure) {
      const consents = this.options.consents || {};
      told.consents = { termsOfSale: true, eula: isWebUrl(consents.eula), termsOfUse: isWebUrl(consents.termsOfUse) };
    }
    this.cards.forEach((card) => card.close());
    this.tell('onSuccess', told);
  }
}

function isWebUrl(link) {
  return Boolean(link && /^https?:\/\//.test(String(link.url || '')));
}

function withoutFunctions(config) {
  return JSON.parse(JSON.stringify(config));
}
