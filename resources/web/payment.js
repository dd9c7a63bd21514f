// Our half of the payment page: mounts the vendor's form and reports what it says. It never meets card data:
// the card fields live in the vendor's frames. Reports are DOM events that only relay.js hears.
(function () {
  'use strict';

  const page = document.documentElement;
  const config = JSON.parse(document.getElementById('pos-config').textContent);

  function tell(kind, detail) {
    const message = Object.assign({}, detail, { kind: kind });
    document.dispatchEvent(new CustomEvent('pos-pay', { detail: JSON.stringify(message) }));
  }

  function broken(code) {
    tell('failed', { type: 'page_error', errors: [{ code: code }] });
  }

  function showForm(river) {
    const dropin = river.createDropin(Object.assign({}, config.dropin, {
      onReady: function (d) {
        page.dataset.state = 'ready';
        tell('ready', d);
      },
      onSuccess: function (d) { tell('paid', d); },
      onCancel: function (d) { tell('cancelled', d); },
      onError: function (d) { tell('failed', d); },
    }));
    dropin.mount('payment-form');
  }

  function reportTexts(river) {
    const call = config.compliance;
    const told = river.Compliance.getDetails({
      language: call.language, country: call.country, businessEntityCode: call.entity,
    });
    tell('disclosure', { language: call.language, country: call.country, disclosure: told.disclosure });
  }

  function authenticate(river) {
    river.authenticateSource(config.authenticate).then(
      function (d) { tell('authenticated', d); },
      function () { tell('authenticated', { status: 'failed' }); });
  }

  function reportMethods(river) {
    river.retrieveAvailablePaymentMethods(config.methods).then(
      function (d) { tell('methods', d); },
      function () { tell('methods', { paymentMethods: [] }); });
  }

  function showInstructions(river) {
    const element = river.createElement('delayedpaymentinstructions', config.instructions);
    element.on('ready', function () {
      page.dataset.state = 'ready';
      tell('ready', { paymentMethodTypes: [] });
    });
    element.mount('payment-instructions');
  }

  function start() {
    if (typeof window.DigitalRiver !== 'function') {
      broken('script_missing');
      return;
    }
    try {
      const river = new window.DigitalRiver(config.publicKey, { locale: config.locale });
      if (config.compliance) { reportTexts(river); }
      if (config.methods) { reportMethods(river); }
      if (config.authenticate) { authenticate(river); }
      if (config.instructions) { showInstructions(river); }
      if (config.dropin) { showForm(river); }
      if (!config.dropin && !config.instructions) { tell('ready', { paymentMethodTypes: [] }); }
    } catch (error) {
      console.error('payment page: ' + error.message);
      broken('script_threw');
    }
  }

  start();
}());
