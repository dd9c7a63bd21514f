// One card of the accordion: its head, its ticks, its button, what it says. What it asks for is the method's.

class Card {
  constructor(dropin, type) {
    this.dropin = dropin;
    this.river = dropin.river;
    this.type = type;
    this.expanded = false;
    this.busy = false;
    this.ready = Promise.resolve();
  }

  build() {
    const id = 'DR-' + this.type;
    this.head = el('button', { type: 'button', class: 'DR-button', id: id + '-head', 'aria-expanded': 'false', 'aria-controls': id + '-body',
      on: { click: () => this.dropin.expand(this), keydown: (event) => this.walk(event) } },
      el('span', { class: 'DR-radio', 'aria-hidden': 'true' }), el('span', { class: 'DR-method', text: this.name() }), this.marks());
    this.message = el('p', { class: 'DR-error-message', role: 'alert' });
    this.pay = this.payButton();
    this.pay.addEventListener('click', () => this.submit());
    this.body = el('div', { class: 'DR-collapse', id: id + '-body', role: 'region', 'aria-labelledby': id + '-head' },
      el('div', { class: 'DR-inner' }, this.fields(), this.termsBox(), this.mandateBox(), this.message, this.pay, this.footnote()));
    this.node = el('div', { class: 'DR-card DR-' + this.type }, this.head, this.body);
  }

  marks() { return null; }

  mandateBox() { return null; }

  footnote() { return null; }

  payButton() { return el('button', { type: 'button', class: 'DR-pay-button', text: this.payText() }); }

  payText() {
    const button = this.dropin.options.button || {};
    if (this.dropin.managing) { return this.river.words.save; }
    if (button.type === 'custom' && button.buttonText) { return button.buttonText; }
    return this.river.words[BUTTONS.has(button.type) ? button.type : 'continue'];
  }

  termsBox() {
    if (!this.dropin.wantsTerms) { return null; }
    const renewing = this.dropin.options.usage === 'subscription' || this.dropin.session.recurring;
    const told = this.dropin.texts && this.dropin.texts[renewing ? 'autorenewalPlanTerms' : 'confirmDisclosure'];
    const own = this.dropin.texts && this.dropin.texts.invoiceAgreement ? ' ' + this.dropin.texts.invoiceAgreement.localizedText : '';
    this.terms = this.tick('terms', (told ? told.localizedText : this.river.words.terms) + own + this.consentLinks());
    this.termsError = el('p', { class: 'DR-tick-error', id: 'DR-terms-checkbox-error-' + this.type, role: 'alert' });
    this.terms.box.setAttribute('aria-describedby', this.termsError.id);
    return el('div', { class: 'DR-terms' }, this.terms.node, this.termsError);
  }

  consentLinks() {
    const consents = this.dropin.options.consents || {};
    const words = this.river.words;
    const link = (part, name) => isWebUrl(part)
      ? el('a', { href: part.url, target: '_blank', rel: 'noopener', text: name }).outerHTML : '';
    const links = [link(consents.eula, words.eula), link(consents.termsOfUse, words.termsOfUse)].filter(Boolean).join(', ');
    return links ? ' ' + el('span', { text: consents.companyName + ': ' }).outerHTML + links : '';
  }

  // A box and its label; `html` is the vendor's own text or has gone through el().
  tick(kind, html) {
    const id = 'DR-' + kind + '-checkbox-' + this.type;
    const box = el('input', { type: 'checkbox', id: id, on: { change: () => { if (this.termsError) { this.termsError.textContent = ''; } } } });
    return { box: box, node: el('div', { class: 'DR-tick' }, box, el('label', { for: id, html: html })) };
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
    this.pay.textContent = busy ? this.river.words.working : this.label || this.payText();
  }

  close() {
    this.closed = true;
    this.setBusy(false);
    this.pay.disabled = true;
    this.head.disabled = true;
    this.body.querySelectorAll('input, select').forEach((one) => { one.disabled = true; });
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
    this.go();
  }
}

// A basket that costs nothing (options.skipPaymentForZeroDollarOrders): terms and a button, no source.
class FreeCard extends Card {
  constructor(dropin) {
    super(dropin, 'free');
    this.build();
  }

  name() { return this.river.words.free; }

  fields() { return el('p', { class: 'DR-text', text: this.river.words.freeText }); }

  go() {
    this.dropin.succeed({ source: null, sourceNotRequired: true, readyForStorage: false, supportsStorage: false });
  }
}
