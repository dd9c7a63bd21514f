// The hidden frame that speaks with the payment service for the script on the shop's page.
answerPage({
  send: function (call) {
    return call.path.startsWith('/payments/') ? callService(call.method, call.path, call.body) : { status: 0, body: null };
  },
});
