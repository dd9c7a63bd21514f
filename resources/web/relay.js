// Carries the page's reports to the till. Runs in a script world of its own, so that neither the page nor the
// vendor's script can see the channel. Forwards a slim copy: no secret, no owner, no message text.
(function (expectedOrigin) {
  'use strict';

  if (window !== window.top || window.location.origin !== expectedOrigin) { return; }

  const waiting = [];
  let till = null;

  function pick(source, keys) {
    const slim = {};
    if (source === null || typeof source !== 'object') { return slim; }
    for (const key of keys) {
      if (source[key] !== undefined && source[key] !== null) { slim[key] = source[key]; }
    }
    return slim;
  }

  function slimSource(source) {
    const slim = pick(source, ['id', 'type', 'state', 'flow', 'reusable', 'amount', 'currency', 'sessionId']);
    if (source && source.creditCard) {
      slim.creditCard = pick(source.creditCard, ['brand', 'lastFourDigits', 'expirationMonth', 'expirationYear']);
    }
    if (source && source.redirect) { slim.redirect = pick(source.redirect, ['redirectUrl']); }
    return slim;
  }

  function slimTexts(disclosure) {
    const slim = {};
    for (const key of Object.keys(disclosure || {})) {
      slim[key] = pick(disclosure[key], ['localizedText', 'url', 'name', 'id']);
    }
    return slim;
  }

  function codesOf(told) {
    const errors = Array.isArray(told.errors) ? told.errors : [];
    return errors.map(function (error) { return String((error && error.code) || ''); });
  }

  const slimmers = {
    ready: function (told) { return pick(told, ['paymentMethodTypes']); },
    cancelled: function (told) { return pick(told, ['paymentMethod']); },
    authenticated: function (told) { return pick(told, ['status']); },
    methods: function (told) {
      const rows = Array.isArray(told.paymentMethods) ? told.paymentMethods : [];
      return { paymentMethods: rows.map(function (row) { return pick(row, ['type', 'flow', 'supportsStorage']); }) };
    },
    failed: function (told) {
      return Object.assign(pick(told, ['type', 'paymentMethod', 'failedSourceId']), { codes: codesOf(told) });
    },
    disclosure: function (told) {
      return Object.assign(pick(told, ['language', 'country']), { disclosure: slimTexts(told.disclosure) });
    },
    paid: function (told) {
      return Object.assign(pick(told, ['readyForStorage', 'supportsStorage']), {
        source: slimSource(told.source),
        consents: pick(told.consents, ['termsOfSale', 'eula', 'termsOfUse']),
      });
    },
  };

  function forward(text) {
    if (till) { till.post(text); } else { waiting.push(text); }
  }

  document.addEventListener('pos-pay', function (event) {
    if (typeof event.detail !== 'string') { return; }
    let told;
    try { told = JSON.parse(event.detail); } catch (error) { return; }
    if (told === null || typeof told !== 'object' || !Object.hasOwn(slimmers, told.kind)) { return; }
    forward(JSON.stringify(Object.assign({ kind: told.kind }, slimmers[told.kind](told))));
  });

  new QWebChannel(qt.webChannelTransport, function (channel) {
    till = channel.objects.till;
    waiting.splice(0).forEach(forward);
  });
}('{{origin}}'));
