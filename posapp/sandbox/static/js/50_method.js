// One payment method of the accordion: its fields, ticks and button.

class MethodCard {
  constructor(dropin, method, disclosure) {
    this.dropin = dropin;
    this.river = dropin.river;
    this.type = method.type;
    this.method = method;
    this.disclosure = disclosure;
    this.expanded = false;
    this.busy = false;
    this.ready = Promise.resolve();
    this.build();
  }

  build() {
    const words = this.river.words;
    const id = 'DR-' + this.type;
    this.head = el('button', { type: 'button', class: 'DR-button', id: id + '-head', 'aria-expanded': 'false', 'aria-controls': id + '-body',
      on: { click: () => this.dropin.expand(this), keydown: (event) => this.walk(event) } },
      el('span', { class: 'DR-radio', 'aria-hidden': 'true' }), el('span', { class: 'DR-method', text: this.name() }), this.marks());
    this.message = el('p', { class: 'DR-error-message', role: 'alert' });
    this.pay = el('button', { type: 'button', class: 'DR-pay-button', text: this.payText(), on: { click: () => this.submit() } });
    this.body = el('div', { class: 'DR-collapse', id: id + '-body', role: 'region', 'aria-labelledby': id + '-head' },
      el('div', { class: 'DR-inner' }, this.fields(), this.termsBox(), this.mandateBox(), this.message, this.pay, this.footnote()));
    this.node = el('div', { class: 'DR-card DR-' + this.type }, this.head, this.body);
  }

  name() { return this.river.words[this.type] || DATA.brands[this.type] || this.type; }

  marks() {
    if (this.type !== 'creditCard') { return null; }
    const names = [['Visa', 'visa'], ['Mastercard', 'mastercard'], ['Amex', 'amex']];
    return el('span', { class: 'DR-marks', 'aria-hidden': 'true' }, ...names.map((name) => el('span', { class: 'DR-mark DR-mark-' + name[1], text: name[0] })));
  }

  payText() {
    const button = this.dropin.options.button || {};
    if (this.dropin.managing) { return this.river.words.save; }
    if (button.type === 'custom' && button.buttonText) { return button.buttonText; }
    return this.river.words[BUTTONS.has(button.type) ? button.type : 'continue'];
  }

  fields() {
    const words = this.river.words;
    if (this.type === 'creditCard') { return this.cardFields(); }
    if (this.type === 'konbini') { return this.storeField(); }
    const text = this.type === 'wireTransfer' ? words.wireTransferText : fill(words.redirectText, { method: this.name() });
    return el('p', { class: 'DR-text', text: text });
  }

  cardFields() {
    const settings = (this.dropin.config.paymentMethodConfiguration || {}).creditCard || {};
    const style = (this.dropin.config.paymentMethodConfiguration || {}).style;
    this.frame = new Frame('card.html', this.river.words.cardFrame, { key: this.river.key, locale: this.river.locale });
    this.frame.on('height', (height) => { this.frame.node.style.height = height + 'px'; });
    this.frame.on('edited', () => this.say(''));
    this.frame.on('entered', () => this.submit());
    this.ready = this.frame.call('settings', Object.assign({ style: style }, settings));
    return el('div', { class: 'DR-fields' }, this.frame.node);
  }

  storeField() {
    const words = this.river.words;
    this.store = el('select', { id: 'DR-konbini-store', class: 'DR-select', on: { change: () => this.say('') } }, el('option', { value: '', text: words.chooseStore }),
      ...['010', '030', '060', '080'].map((id) => el('option', { value: id, text: words['konbini_' + id] })));
    return el('div', { class: 'DR-fields' }, el('p', { class: 'DR-text', text: words.konbiniText }),
      el('label', { class: 'DR-label', for: 'DR-konbini-store', text: words.store }), this.store);
  }

  termsBox() {
    const options = this.dropin.options;
    if (!options.showTermsOfSaleDisclosure) { return null; }
    const renewing = options.usage === 'subscription' || this.dropin.session.recurring;
    const told = this.disclosure && (this.disclosure[renewing ? 'autorenewalPlanTerms' : 'confirmDisclosure']);
    this.terms = this.tick('terms', (told ? told.localizedText : this.river.words.terms) + this.consentLinks());
    this.termsError = el('p', { class: 'DR-tick-error', id: 'DR-terms-checkbox-error-' + this.type, role: 'alert' });
    return el('div', { class: 'DR-terms' }, this.terms.node, this.termsError);
  }

  consentLinks() {
    const consents = this.dropin.options.consents || {};
    const link = function (part, name) {
      return isWebUrl(part) ? ' ' + el('a', { href: part.url, target: '_blank', rel: 'noopener', text: name }).outerHTML : '';
    };
    const by = consents.companyName ? consents.companyName + ' ' : '';
    return link(consents.eula, by + 'EULA') + link(consents.termsOfUse, by + 'Terms of Use');
  }

  mandateBox() {
    const wanted = this.dropin.managing || this.dropin.options.showSavePaymentAgreement;
    if (!wanted || !this.method.supportsStorage) { return null; }
    const text = this.disclosure ? this.disclosure.saveCardMandate.localizedText : this.river.words.terms;
    this.mandate = this.tick('mandate', text);
    if (this.dropin.managing) { this.mandate.box.checked = true; this.mandate.box.disabled = true; }
    return this.mandate.node;
  }

  tick(kind, html) {
    const id = 'DR-' + kind + '-checkbox-' + this.type;
    const box = el('input', { type: 'checkbox', id: id, on: { change: () => { if (this.termsError) { this.termsError.textContent = ''; } } } });
    return { box: box, node: el('div', { class: 'DR-tick' }, box, el('label', { for: id, html: html })) };
  }

  footnote() {
    return this.type === 'creditCard' ? el('p', { class: 'DR-footnote', text: this.river.words.secure }) : null;
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) { return; }
    event.preventDefault();
    const cards = this.dropin.cards;
    cards[(cards.indexOf(this) + step + cards.length) % cards.length].head.focus();
  }

  toggle(open) {
    this.expanded = open;
    this.head.setAttribute('aria-expanded', String(open));
    this.body.classList.toggle('DR-show', open);
    this.node.classList.toggle('DR-open', open);
  }

  say(text) { this.message.textContent = text; }

  setBusy(busy) {
    this.busy = busy;
    this.pay.disabled = busy;
    this.pay.classList.toggle('DR-busy', busy);
    this.pay.textContent = busy ? this.river.words.working : this.payText();
  }

  close() {
    this.closed = true;
    this.setBusy(false);
    this.pay.disabled = true;
    this.head.disabled = true;
    if (this.terms) { this.terms.box.disabled = true; }
    if (this.expanded) { this.pay.classList.add('DR-done'); this.pay.textContent = this.river.words.accepted; }
  }

  submit() {
    if (this.busy || this.closed) { return; }
    this.say('');
    if (this.terms && !this.terms.box.checked) {
      this.termsError.textContent = this.river.words.termsNeeded;
      this.terms.box.focus();
      return;
    }
    if (this.store && !this.store.value) { this.say(this.river.words.storeNeeded); this.store.focus(); return; }
    const opened = this.opensProvider() ? window.open('', '_blank') : null;
    this.setBusy(true);
    this.makeSource().then((told) => this.afterSource(told, opened));
  }

  opensProvider() {
    const atOnce = this.type.startsWith('payPal'); // these redirect before the source is usable, whatever was asked
    return this.method.flow === 'redirect' && (atOnce || !(this.dropin.options.redirect || {}).disableAutomaticRedirects);
  }

  makeSource() {
    const config = this.dropin.config;
    const redirect = this.dropin.options.redirect || {};
    const order = {
      type: this.type, sessionId: config.sessionId, language: this.river.locale,
      mandate: this.mandate && this.mandate.box.checked ? { terms: this.mandate.node.textContent } : undefined,
      owner: config.billingAddress, returnUrl: redirect.returnUrl, cancelUrl: redirect.cancelUrl,
      konbini: this.store ? { storeId: this.store.value } : undefined,
    };
    if (this.frame) { return this.frame.call('submit', order).then((told) => told.error ? told : outcome(told.answer)); }
    return this.river.controller.send('POST', '/payments/sources', order).then(outcome);
  }

  afterSource(told, opened) {
    if (told.source && told.source.state === 'requires_action') {
      challenge(this.river, told.source).then((after) => this.afterSource(after, opened));
      return;
    }
    if (told.source && opened) { this.visitProvider(told.source, opened); return; }
    if (opened) { opened.close(); }
    this.setBusy(false);
    if (told.error) { this.refuse(told.error); return; }
    this.dropin.succeed(told.source, this.method.supportsStorage, { mandate: this.mandate && this.mandate.box.checked });
  }

  refuse(error) {
    const unreached = error.type === 'no_network' || error.type === 'request_timeout';
    if (error.type !== 'validation_error') { this.say(unreached ? this.river.words.notReached : this.river.words.declined); }
    this.dropin.fail(error, this.type);
  }

  // Automatic redirect: the provider's page reports back over the opener link.
  visitProvider(source, opened) {
    opened.location.replace(source.redirect.redirectUrl);
    const back = (event) => {
      if (event.origin !== ORIGIN || !event.data || event.data.riverReturned !== source.id) { return; }
      window.removeEventListener('message', back);
      this.river.retrieveSource(source.id, source.clientSecret).then((told) => {
        this.setBusy(false);
        if (told.error) { this.refuse(told.error); return; }
        if (told.source.state === 'chargeable') { this.dropin.succeed(told.source, this.method.supportsStorage, {}); return; }
        this.dropin.tell('onCancel', { paymentMethod: this.type });
      });
    };
    window.addEventListener('message', back);
  }
}
