// One payment method of the accordion: its fields, its source, and the provider's window where there is one.

const OWN_BUTTONS = { googlePay: walletButton, applePay: walletButton, payPal: payPalButton, payPalBilling: payPalButton, payPalCredit: payPalButton };
const POPUP_LOOK_MS = 400;

class MethodCard extends Card {
  constructor(dropin, method) {
    super(dropin, method.type);
    this.method = method;
    this.build();
  }

  name() { return this.river.words[this.type] || DATA.brands[this.type] || this.type; }

  marks() {
    if (this.type !== 'creditCard') { return null; }
    const names = [['Visa', 'visa'], ['Mastercard', 'mastercard'], ['Amex', 'amex']];
    return el('span', { class: 'DR-marks', 'aria-hidden': 'true' }, ...names.map((name) => el('span', { class: 'DR-mark DR-mark-' + name[1], text: name[0] })));
  }

  payButton() {
    if (!OWN_BUTTONS[this.type] || this.dropin.managing) { return super.payButton(); }
    const own = OWN_BUTTONS[this.type](this);
    this.label = own.label;
    return own.node;
  }

  fields() {
    const words = this.river.words;
    switch (this.type) {
      case 'creditCard': return this.cardFields();
      case 'konbini': return this.storeField();
      case 'onlineBanking': return this.bankField();
      case 'wireTransfer': case 'bPay': return this.text(words.wireTransferText);
      case 'googlePay': case 'applePay': return this.text(fill(words.walletText, { method: this.name() }));
      case 'klarnaCredit': case 'klarnaCreditRecurring': return el('div', {}, this.redirectText(), this.text(words.klarnaText));
      case 'directDebit': return el('div', {}, this.redirectText(), this.text(words.sepaText));
      case 'msts': return el('div', {}, this.redirectText(), this.enrolment());
      default: return this.redirectText();
    }
  }

  text(words) { return el('p', { class: 'DR-text', text: words }); }

  redirectText() {
    const words = this.opensProvider() ? this.river.words.redirectNowText : this.river.words.redirectText;
    return this.text(fill(words, { method: this.name() }));
  }

  enrolment() {
    const url = (this.dropin.methods.msts || {}).enrollmentUrl;
    return isWebUrl({ url: url }) ? el('p', { class: 'DR-text' }, el('a', { href: url, target: '_blank', rel: 'noopener', text: this.river.words.enrol })) : null;
  }

  cardFields() {
    const settings = this.dropin.methods.creditCard || {};
    this.frame = new Frame('card.html', this.river.words.cardFrame, { key: this.river.key, locale: this.river.locale });
    this.frame.on('height', (height) => { this.frame.node.style.height = height + 'px'; });
    this.frame.on('edited', () => this.say(''));
    this.frame.on('entered', () => this.submit());
    this.ready = this.frame.call('settings', Object.assign({ style: this.dropin.methods.style }, settings));
    return el('div', { class: 'DR-fields' }, this.frame.node);
  }

  storeField() {
    const words = this.river.words;
    const stores = ['010', '030', '060', '080'].map((id) => [id, words['konbini_' + id]]);
    return this.choice('konbini-store', words.store, words.chooseStore, stores, this.text(words.konbiniText), words.storeNeeded);
  }

  bankField() {
    const words = this.river.words;
    const settings = this.dropin.methods.onlineBanking || {};
    const node = this.choice('online-bank', words.bank, settings.placeholderText || words.chooseBank, banksOf(this.dropin.session), this.text(words.bankText), words.bankNeeded);
    const style = settings.style || this.dropin.methods.style || {};
    styleDirectly(this.picked, style.base);
    return node;
  }

  // A list to choose from; `needed` is said when nothing is chosen.
  choice(id, label, placeholder, rows, intro, needed) {
    this.needed = needed;
    this.picked = el('select', { id: 'DR-' + id, class: 'DR-select', on: { change: () => this.say('') } }, el('option', { value: '', text: placeholder }),
      ...rows.map((row) => el('option', { value: row[0], text: row[1] })));
    return el('div', { class: 'DR-fields' }, intro, el('label', { class: 'DR-label', for: 'DR-' + id, text: label }), this.picked);
  }

  mandateBox() {
    const wanted = this.dropin.managing || this.dropin.options.showSavePaymentAgreement;
    if (!wanted || !this.method.supportsStorage) { return null; }
    const texts = this.dropin.texts;
    const key = this.type === 'ideal' ? 'idealRecurringAgreement' : 'saveCardMandate';
    this.mandate = this.tick('mandate', texts ? texts[key].localizedText : this.river.words.terms);
    if (this.dropin.managing) { this.mandate.box.checked = true; this.mandate.box.disabled = true; }
    return this.mandate.node;
  }

  footnote() {
    return this.type === 'creditCard' ? el('p', { class: 'DR-footnote', text: this.river.words.secure }) : null;
  }

  go() {
    if (this.picked && !this.picked.value) { this.say(this.needed); this.picked.focus(); return; }
    const provider = this.opensProvider();
    const opened = provider ? window.open('', '_blank') : null;
    if (provider && !opened) {
      this.say(this.river.words.windowNeeded);
      this.dropin.tell('onCancel', { paymentMethod: this.type });
      return;
    }
    this.setBusy(true);
    this.makeSource().then((told) => this.afterSource(told, opened));
  }

  // PayPal's kinds redirect before the source is usable, whatever was asked.
  opensProvider() {
    return this.method.flow === 'redirect' && (this.type.startsWith('payPal') || !this.redirects().disableAutomaticRedirects);
  }

  redirects() { return this.dropin.options.redirect || {}; }

  makeSource() {
    const config = this.dropin.config;
    const back = this.opensProvider() ? {} : this.redirects(); // addresses count only where the page redirects itself
    const order = {
      type: this.type, sessionId: config.sessionId, language: this.river.locale, usage: this.dropin.options.usage,
      mandate: this.mandate && this.mandate.box.checked ? { terms: this.mandate.node.textContent } : undefined,
      owner: config.billingAddress, returnUrl: back.returnUrl, cancelUrl: back.cancelUrl,
      konbini: this.type === 'konbini' ? { storeId: this.picked.value } : undefined,
      onlineBanking: this.type === 'onlineBanking' ? { bankCode: this.picked.value } : undefined,
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
    this.succeed(told.source);
  }

  succeed(source) {
    const signed = Boolean(this.mandate && this.mandate.box.checked);
    this.dropin.succeed({ source: source, readyForStorage: source.state === 'chargeable' && signed, supportsStorage: Boolean(this.method.supportsStorage) });
  }

  refuse(error) {
    const unreached = error.type === 'no_network' || error.type === 'request_timeout';
    if (error.type !== 'validation_error') { this.say(unreached ? this.river.words.notReached : this.river.words.declined); }
    this.dropin.fail(error, this.type);
  }

  // Automatic redirect: the provider's page reports back over the opener link, or its window is closed.
  visitProvider(source, opened) {
    opened.location.replace(source.redirect.redirectUrl);
    const finish = () => {
      window.removeEventListener('message', hear);
      window.clearInterval(looking);
      this.river.fetchSource(source.id, source.clientSecret).then((told) => {
        this.setBusy(false);
        if (told.error) { this.refuse(told.error); return; }
        if (told.source.state === 'failed') { this.refuse(outcome({ status: 200, body: told.source }).error); return; }
        if (told.source.state === 'chargeable') { this.succeed(told.source); return; }
        this.dropin.tell('onCancel', { paymentMethod: this.type });
      });
    };
    const hear = (event) => {
      if (event.origin === ORIGIN && event.data && event.data.riverReturned === source.id) { finish(); }
    };
    const looking = window.setInterval(() => { if (opened.closed) { finish(); } }, POPUP_LOOK_MS);
    window.addEventListener('message', hear);
  }
}

// [code, name] of the banks for this country and currency.
function banksOf(session) {
  return (DATA.banks[String(session.country || '').toUpperCase()] || {})[String(session.currency || '').toUpperCase()] || [];
}

const PLAIN_STYLES = ['color', 'backgroundColor', 'fontFamily', 'fontSize', 'fontStyle', 'fontWeight', 'height', 'letterSpacing'];

function styleDirectly(node, base) {
  PLAIN_STYLES.forEach((key) => { if (base && typeof base[key] === 'string') { node.style[key] = base[key]; } });
}
