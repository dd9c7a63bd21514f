// Tells the form that opened this window that the buyer is back; says nothing about the outcome.
if (window.opener) {
  window.opener.postMessage({ riverReturned: document.getElementById('returned').dataset.source }, '*');
  window.close();
}
