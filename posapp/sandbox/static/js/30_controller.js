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
  const failed = (type, errors, more) => ({ source: null, error: Object.assign({ type: type, errors: errors }, more) });
  if (answer.status >= 200 && answer.status < 300) {
    if (answer.body.state !== 'failed') { return { source: answer.body, error: null }; }
    const error = { code: 'source_creation_failed', message: 'The source could not be created.' };
    return failed('bad_request', [error], { failedSourceId: answer.body.id, liveMode: false });
  }
  if (answer.status === 0) { return failed(answer.late ? 'request_timeout' : 'no_network', []); }
  return answer.body && answer.body.errors ? { source: null, error: answer.body } : failed('unknown', []);
}

// As `outcome`, for the calls whose promise is rejected when nothing answered.
function outcomeOrThrow(answer) {
  const told = outcome(answer);
  if (answer.status === 0) { throw Object.assign(new Error('The payment service did not answer.'), { error: told.error }); }
  return told;
}

const CHALLENGE_LIMIT_S = 15;

// The buyer's bank asks for confirmation: an overlay frame over the whole page. Resolves with {source, error}.
function challenge(river, source) {
  const words = river.words;
  const card = source.creditCard || {};
  const frame = new Frame('challenge.html', words.challengeFrame,
    { key: river.key, locale: river.locale, source: source.id, last: card.lastFourDigits || '' });
  const overlay = el('div', { class: look('DR-challenge'), role: 'dialog', 'aria-modal': 'true', 'aria-label': words.challengeFrame }, frame.node);
  const before = document.activeElement;
  const behind = Array.from(document.body.children).filter((one) => !one.inert);
  behind.forEach((one) => { one.inert = true; });
  document.body.append(overlay);
  document.body.classList.add('DR-challenged');
  const asked = frame.within(CHALLENGE_LIMIT_S).then((there) => there ? frame.call('begin', { clientSecret: source.clientSecret }) : null);
  return asked.then(function (answer) {
    frame.remove();
    overlay.remove();
    behind.forEach((one) => { one.inert = false; });
    document.body.classList.remove('DR-challenged');
    if (before && before.focus) { before.focus(); }
    if (answer && answer.status >= 200 && answer.status < 300) { return outcome(answer); }
    return { source: null, error: { type: '3ds2_error', errors: [{ code: '3ds_sdk_error', message: 'The bank could not be asked.' }] } };
  });
}
