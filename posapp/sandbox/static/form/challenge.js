// The practice bank's 3-D Secure page: a password, then the payment service is told. Hidden until it can answer.

const form = document.getElementById('challenge-form');
const answer = document.getElementById('challenge-answer');
let finish = null;
let secret = '';

function decide(text) {
  form.querySelectorAll('button, input').forEach(function (part) { part.disabled = true; });
  const path = '/payments/sources/' + encodeURIComponent(facts.source) + '/challenge';
  callService('POST', path, { clientSecret: secret, answer: text }).then(finish);
}

form.addEventListener('submit', function (event) {
  event.preventDefault();
  if (answer.value) { decide(answer.value); } else { answer.focus(); }
});
document.getElementById('challenge-cancel').addEventListener('click', function () { decide(''); });
form.addEventListener('keydown', function (event) { if (event.key === 'Escape') { decide(''); } });

document.title = words.challengeFrame;
document.getElementById('challenge-text').textContent = words.challengeText.replace('{last}', facts.last);
answerPage({
  begin: function (detail) {
    form.hidden = false;
    answer.focus();
    secret = detail.clientSecret;
    return new Promise(function (resolve) { finish = resolve; });
  },
});
