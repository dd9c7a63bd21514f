// The drop-in form: an accordion of payment methods, terms, storage agreement, legal footer. drop-in.md 1.2, 1.3.

const BUTTONS = new Set(['continue', 'payNow', 'buyNow', 'completeOrder', 'submitOrder']);
const DEFAULTS = { flow: 'checkout', showComplianceSection: true, showTermsOfSaleDisclosure: true, expandFirstPaymentMethod: true };

function createDropin(river, config) {
  const options = Object.assign({}, DEFAULTS, config.options);
  checkDropin(config, options);
  return {
    mount: function (target) { new Dropin(river, config, options, placeOf(target)).open(); },
    refresh: function () {},
  };
}

// An element, or the one with this id.
function placeOf(target) {
  const place = typeof target === 'string' ? document.getElementById(target) : target;
  if (!(place instanceof Element)) { throw new Error('Please provide a valid element or element id'); }
  return place;
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
  if (options.consents && options.showTermsOfSaleDisclosure && !options.consents.companyName) {
    throw new Error('Please provide a companyName with the consents');
  }
}

class Dropin {
  constructor(river, config, options, place) {
    this.river = river;
    this.config = config;
    this.options = options;
    this.methods = config.paymentMethodConfiguration || {};
    this.place = place;
    this.managing = options.flow === 'managePaymentMethods';
    this.wantsTerms = Boolean(options.showTermsOfSaleDisclosure) && !this.managing;
    this.cards = [];
  }

  open() {
    this.river.controller.send('POST', '/payments/forms', { sessionId: this.config.sessionId, config: withoutFunctions(this.config) });
    const query = new URLSearchParams(this.managing
      ? { country: this.config.billingAddress.address.country, supportsStorage: 'true' } : { sessionId: this.config.sessionId });
    this.river.controller.send('GET', '/payments/payment-methods?' + query).then((answer) => {
      if (answer.status === 200) { this.show(answer.body); } else { this.fail(outcome(answer).error, ''); }
    });
  }

  show(told) {
    this.session = told.sessionInformation || { businessEntityCode: told.businessEntityCode, country: this.country() };
    this.texts = this.disclosure();
    const free = this.options.skipPaymentForZeroDollarOrders && !this.managing && Number(this.session.amount) === 0;
    const types = free ? [] : this.applicable(told.paymentMethods);
    this.cards = free ? [new FreeCard(this)] : types.map((method) => new MethodCard(this, method));
    this.root = el('div', { class: look('DR-drop-in'), lang: this.river.locale }, el('div', { class: 'DR-methods' }, ...this.cards.map((card) => card.node)));
    if (this.texts && this.options.showComplianceSection && !this.managing) { this.root.append(legalFooter(this.texts, this.river.words)); }
    this.place.replaceChildren(this.root);
    if ((this.options.expandFirstPaymentMethod || free) && this.cards.length) { this.expand(this.cards[0]); }
    Promise.all(this.cards.map((card) => card.ready)).then(() => {
      this.tell('onReady', { paymentMethodTypes: types.map((method) => method.type) });
    });
  }

  country() {
    const address = this.config.billingAddress && this.config.billingAddress.address;
    return String((address && address.country) || '').toUpperCase();
  }

  applicable(methods) {
    const wallets = window.PaymentRequest ? [] : ['googlePay', 'applePay']; // their buttons cannot run here
    const enabled = this.methods.enabledPaymentMethods;
    const disabled = this.methods.disabledPaymentMethods || [];
    return methods.filter((method) => !wallets.includes(method.type) && (!enabled || enabled.includes(method.type)) &&
      !disabled.includes(method.type) && (!this.managing || method.supportsStorage));
  }

  disclosure() {
    const entity = this.session.businessEntityCode;
    if (!entity || !this.session.country) { return null; }
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

  // `more`: what the result says beside the consents.
  succeed(more) {
    const told = Object.assign({}, more);
    if (this.wantsTerms) {
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
