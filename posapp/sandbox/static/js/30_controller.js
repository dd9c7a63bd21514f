// Calls of the payment service. They go through a hidden frame of the vendor's origin, never from the shop's page.

class Controller {
  constructor(key, locale) {
    this.frame = new Frame('controller.html', 'Digital River', { key: key, locale: locale },
      { class: 'DR-hidden', 'aria-hidden': 'true', tabindex: '-1' });
    document.body.append(this.frame.node);
  }

  // {status, body}; status 0 when nothing answered.
  send(method, path, body) {
    return this.frame.call('send', { method: method, path: path, body: body });
  }
}

// {source, error} of an answer of the service, one of them null.
function outcome(answer) {
  if (answer.status >= 200 && answer.status < 300) {
    return answer.body.state === 'failed'
      ? { source: null, error: { type: 'bad_request', errors: [{ code: 'source_creation_failed', message: 'The source could not be created.' }], failedSourceId: answer.body.id, liveMode: false } }
      : { source: answer.body, error: null };
  }
  if (answer.status === 0) { return { source: null, error: { type: 'no_network', errors: [] } }; }
  return { source: null, error: answer.body && answer.body.errors ? answer.body : { type: 'unknown', errors: [] } };
}

// The buyer's bank asks for confirmation: an overlay frame over the whole page. Resolves with {source, error}.
function challenge(river, source) {
  const words = river.words;
  const card = source.creditCard || {};
  const frame = new Frame('challenge.html', words.challengeFrame,
    { key: river.key, locale: river.locale, source: source.id, last: card.lastFourDigits || '' });
  const overlay = el('div', { class: 'DR-challenge', role: 'dialog', 'aria-modal': 'true', 'aria-label': words.challengeFrame }, frame.node);
  const before = document.activeElement;
  document.body.append(overlay);
  document.body.classList.add('DR-challenged');
  return frame.call('begin', { clientSecret: source.clientSecret }).then(function (answer) {
    frame.remove();
    overlay.remove();
    document.body.classList.remove('DR-challenged');
    if (before && before.focus) { before.focus(); }
    return outcome(answer);
  });
}
