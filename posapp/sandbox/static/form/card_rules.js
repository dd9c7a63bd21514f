// What a card number, an expiry date and a security code may look like. No DOM.

const BRANDS = [
  { id: 'amex', name: 'Amex', pattern: /^3[47]/, lengths: [15], groups: [4, 6, 5], code: 4 },
  { id: 'diners', name: 'Diners', pattern: /^3(0[0-5]|[689])/, lengths: [14], groups: [4, 6, 4], code: 3 },
  { id: 'discover', name: 'Discover', pattern: /^(6011|64[4-9]|65)/, lengths: [16], groups: [4, 4, 4, 4], code: 3 },
  { id: 'jcb', name: 'JCB', pattern: /^35(2[89]|[3-8])/, lengths: [16], groups: [4, 4, 4, 4], code: 3 },
  { id: 'unionpay', name: 'UnionPay', pattern: /^62/, lengths: [16, 17, 18, 19], groups: [4, 4, 4, 4, 3], code: 3 },
  { id: 'mastercard', name: 'Mastercard', pattern: /^(5[1-5]|2(22[1-9]|2[3-9]|[3-6]|7[01]|720))/, lengths: [16], groups: [4, 4, 4, 4], code: 3 },
  { id: 'visa', name: 'Visa', pattern: /^4/, lengths: [16, 13, 19], groups: [4, 4, 4, 4, 3], code: 3 },
];
const UNKNOWN_BRAND = { id: '', name: '', lengths: [12, 13, 14, 15, 16, 17, 18, 19], groups: [4, 4, 4, 4, 3], code: 3 };

function brandOf(number) {
  return BRANDS.find((brand) => brand.pattern.test(number)) || UNKNOWN_BRAND;
}

function luhn(number) {
  let sum = 0;
  for (let place = 0; place < number.length; place += 1) {
    let digit = Number(number[number.length - 1 - place]);
    if (place % 2) { digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2; }
    sum += digit;
  }
  return sum % 10 === 0;
}

function grouped(number, groups) {
  const parts = [];
  let at = 0;
  for (const size of groups) {
    if (at >= number.length) { break; }
    parts.push(number.slice(at, at + size));
    at += size;
  }
  return parts.join(' ');
}

// Each rule returns the vendor's error code, '' when the value is right.
function numberProblem(number) {
  const brand = brandOf(number);
  if (number.length < Math.min.apply(null, brand.lengths)) { return 'incomplete_card_number'; }
  return brand.lengths.includes(number.length) && luhn(number) ? '' : 'invalid_card_number';
}

function expiryOf(text) {
  const slashed = text.match(/^\s*(\d{1,2})\s*[/.\-]\s*(\d{2}|\d{4})\s*$/);
  const digits = text.replace(/\D/g, '');
  const month = slashed ? slashed[1] : digits.slice(0, 2);
  const year = slashed ? slashed[2] : digits.slice(2);
  return { month: Number(month), year: year.length === 4 ? Number(year) : 2000 + Number(year), complete: Boolean(month) && (year.length === 2 || year.length === 4) };
}

function expiryProblem(text, today) {
  const expiry = expiryOf(text);
  if (text.replace(/\D/g, '').length >= 2 && (expiry.month < 1 || expiry.month > 12)) { return 'invalid_expiration_month'; }
  if (!expiry.complete) { return 'incomplete_expiration_date'; }
  if (expiry.year < today.getFullYear() || expiry.year > today.getFullYear() + 50) { return 'invalid_expiration_year'; }
  return expiry.year === today.getFullYear() && expiry.month < today.getMonth() + 1 ? 'invalid_expiration_date' : '';
}

function codeProblem(code, brand) {
  if (/\D/.test(code) || code.length > brand.code) { return 'invalid_security_code'; }
  return code.length < brand.code ? 'incomplete_security_code' : '';
}
