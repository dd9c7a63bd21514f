// The buyer's bank account for a refund that cannot go back by itself. The numbers go to the payment service only.

const form = document.getElementById('refund-form');
const done = document.getElementById('refund-done');
const holder = document.getElementById('refund-holder');
const account = document.getElementById('refund-number');
const bank = document.getElementById('refund-bank');
let token = '';
let accepted = false;

function measure() {
  const shown = form.hidden ? done : form;
  tellPage('height', Math.ceil(shown.getBoundingClientRect().height) + 12);
}

// An IBAN has its own checksum (ISO 13616); any other account number wants the code of its bank.
function isIban(text) { return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text); }

function ibanFits(text) {
  const digits = (text.slice(4) + text.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  let rest = 0;
  for (const digit of digits) { rest = (rest * 10 + Number(digit)) % 97; }
  return rest === 1;
}

function plain(input) { return input.value.replace(/[\s-]/g, '').toUpperCase(); }

function problems() {
  const number = plain(account);
  const wrongNumber = isIban(number) ? !ibanFits(number) : !/^[A-Z0-9]{4,34}$/.test(number) || /^[A-Z]{2}\d{2}/.test(number);
  const wantsBank = !isIban(number) && !wrongNumber;
  return [[holder, holder.value.trim() ? '' : 'holderNeeded'], [account, wrongNumber ? 'accountWrong' : ''],
    [bank, wantsBank && !/^[A-Z0-9]{4,15}$/.test(plain(bank)) ? 'bankCodeNeeded' : '']];
}

function judge(found) {
  for (const [input, code] of found) {
    input.parentElement.classList.toggle('DRElement--invalid', Boolean(code));
    input.setAttribute('aria-invalid', String(Boolean(code)));
    document.getElementById(input.id + '-error').textContent = code ? words[code] : '';
  }
  const wrong = found.find((one) => one[1]);
  tellPage('state', { complete: accepted, empty: false, focus: false, invalid: Boolean(wrong) });
  measure();
  return wrong;
}

function say(code) {
  document.getElementById('refund-error').textContent = code ? words[code] : '';
  measure();
}

form.addEventListener('submit', function (event) {
  event.preventDefault();
  say('');
  const wrong = judge(problems());
  if (wrong) { wrong[0].focus(); return; }
  const send = document.getElementById('refund-send');
  send.disabled = true;
  const details = { holder: holder.value.trim(), number: plain(account), bank: plain(bank) };
  callService('POST', '/payments/refunds/details', { refundToken: token, account: details }).then(function (answer) {
    send.disabled = false;
    if (answer.status !== 200) { say(answer.status === 0 ? 'notReached' : 'refundUnknown'); return; }
    accepted = true;
    finish('refundDone');
    tellPage('state', { complete: true, empty: false, focus: false, invalid: false });
    tellPage('tell', { event: 'change', detail: { complete: true, empty: false, error: null } });
  });
});
form.addEventListener('input', function () { say(''); });

function finish(code) {
  form.hidden = true;
  done.textContent = words[code];
  done.hidden = false;
  measure();
}

function useSettings(given) {
  applyStyle(given.style);
  if (token === given.refundToken) { return measure(); }
  token = given.refundToken;
  return callService('POST', '/payments/refunds/read', { refundToken: token }).then(function (answer) {
    if (answer.status !== 200) { finish(answer.status === 0 ? 'notReached' : 'refundUnknown'); return; }
    const sum = new Intl.NumberFormat(facts.locale, { style: 'currency', currency: answer.body.currency }).format(Number(answer.body.amount));
    const day = new Date(answer.body.expiresTime).toLocaleDateString(facts.locale, { dateStyle: 'long' });
    document.getElementById('refund-about').textContent = words.refundAbout.replace('{amount}', sum).replace('{day}', day);
    done.hidden = true;
    form.hidden = false;
    measure();
  });
}

document.title = words.refundTitle;
answerPage({ settings: useSettings, focus: () => holder.focus(), blur: () => document.activeElement.blur() });
