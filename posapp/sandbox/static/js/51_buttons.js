// The buttons that wallets draw themselves: drop-in.md 1.2 `googlePay`, `applePay`, `payPal` styles.

const WALLET_WORDS = {
  buy: 'walletBuy', buynow: 'walletBuy', long: 'walletBuy', pay: 'walletPay', checkout: 'walletCheckout', order: 'walletPay', 'check-out': 'walletCheckout',
};
const PAYPAL_COLOURS = new Set(['gold', 'blue', 'silver', 'white', 'black']);

function walletButton(card) {
  const wallet = { googlePay: 'google', applePay: 'apple' }[card.type];
  const style = (card.dropin.methods[card.type] || {}).style || {};
  const language = String(style.buttonLanguage || card.river.locale).slice(0, 2);
  const label = walletLabel(style.buttonType, DATA.words[language] || card.river.words, card.name());
  const button = el('button', { type: 'button', class: 'DR-pay-button DR-wallet DR-wallet-' + wallet + ' DR-wallet-' + (style.buttonColor === 'dark' ? 'dark' : 'light'),
    lang: language, text: label });
  return { label: label, node: button };
}

function payPalButton(card) {
  const style = (card.dropin.methods.payPal || {}).style || {};
  const colour = PAYPAL_COLOURS.has(style.color) ? style.color : 'gold';
  const label = walletLabel(style.label, card.river.words, card.name());
  const button = el('button', { type: 'button', text: label,
    class: ['DR-pay-button DR-paypal DR-paypal-' + colour, style.shape === 'rect' ? 'DR-rect' : 'DR-pill', style.size === 'small' || style.size === 'medium' ? 'DR-size-' + style.size : ''].join(' ').trim() });
  return { label: label, node: button };
}

function walletLabel(kind, words, name) {
  const key = WALLET_WORDS[String(kind || '').toLowerCase()];
  return key ? fill(words[key], { method: name }) : name;
}
