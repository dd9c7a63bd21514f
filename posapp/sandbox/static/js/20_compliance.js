// Legal texts per selling entity, country and language: drop-in.md 5.1.

const PAGES = {
  termsOfSale: 'DisplayDRTermsAndConditionsPage', privacyPolicy: 'DisplayDRPrivacyPolicyPage',
  cookiePolicy: 'DisplayDRCookiesPolicyPage', legalNotice: 'DisplayDRContactInformationPage',
  resellerDisclosure: 'DisplayDRAboutDigitalRiverPage', californiaPrivacyRights: 'DisplayCCPAPage',
  japaneseCommerceLaw: 'DisplayDRJapaneseCommerceLawPage',
  cancellationRights: 'DisplayDRTermsAndConditionsPage', warrantyInformation: 'DisplayDRTermsAndConditionsPage',
};
const ANCHORS = { cancellationRights: '#cancellationRight', warrantyInformation: '#warrantyInformation' };
const CANCELLATION = new Set(['DK', 'FI', 'FR', 'DE', 'GB', 'IE', 'IT', 'NL', 'NO', 'PT', 'ES', 'SE']);
const LANGUAGES = new Set(('ar zh-hk zh-cn zh-tw cs da nl en en-gb es es-419 et fi fr fr-ca de el he hu it iw ja ko no pl ' +
  'pt pt-br ru sk sl sv th tr zh').split(' '));
const LINKS = ['termsOfSale', 'privacyPolicy', 'cookiePolicy', 'legalNotice', 'cancellationRights', 'warrantyInformation',
  'californiaPrivacyRights', 'japaneseCommerceLaw'];

function complianceDetails(first, second) {
  const call = typeof first === 'string' ? olderCall(first, second) : Object.assign({}, first);
  const code = call.businessEntityCode || call.entity;
  const entity = DATA.entities[code];
  const country = String(call.country || '').toUpperCase();
  const language = String(call.language || '').replace('_', '-').toLowerCase();
  const wrong = [];
  if (!entity) { wrong.push('businessEntityCode is missing or unsupported'); }
  if (!/^[A-Z]{2}$/.test(country)) { wrong.push('country is missing or unsupported'); }
  if (!LANGUAGES.has(language) && !LANGUAGES.has(language.slice(0, 2))) { wrong.push('language is missing or unsupported'); }
  if (wrong.length) { throw new Error(wrong.join(', ')); }
  return { disclosure: textsFor(code, entity.name, country, language, call.jpCommerceLawPageUrl) };
}

function olderCall(code, locale) {
  const parts = String(locale || '').replace('-', '_').split('_');
  return { businessEntityCode: code, language: parts[0], country: parts[1] };
}

function pageUrl(key, name, country, language) {
  const wanted = language.slice(0, 2) + '_' + country;
  const plain = knownLocale(language).replace('-', '_');
  const locale = [wanted, plain].find((one) => TEXT_LOCALES.has(one)) || 'en_US';
  return 'https://store.digitalriver.com/store/defaults/' + locale + '/' + PAGES[key] + '/eCommerceProvider.' +
    encodeURIComponent(name) + (ANCHORS[key] || '');
}

function textsFor(code, name, country, language, japaneseLawUrl) {
  const texts = DATA.disclosures[language.slice(0, 2)] || DATA.disclosures.en;
  const values = {
    entity: name, termsUrl: pageUrl('termsOfSale', name, country, language),
    privacyUrl: pageUrl('privacyPolicy', name, country, language),
    resellerUrl: pageUrl('resellerDisclosure', name, country, language),
  };
  const told = { businessEntity: { name: name, id: code } };
  const add = function (key, needed) {
    if (!needed) { return; }
    told[key] = { localizedText: fill(texts[key], values) };
    if (PAGES[key]) { told[key].url = pageUrl(key, name, country, language); }
  };
  add('resellerDisclosure', true);
  add('termsOfSale', true);
  add('privacyPolicy', true);
  add('cookiePolicy', country !== 'IN');
  add('legalNotice', country !== 'IN');
  add('cancellationRights', CANCELLATION.has(country));
  add('warrantyInformation', country === 'IT');
  add('californiaPrivacyRights', country === 'US');
  add('japaneseCommerceLaw', country === 'JP');
  add('invoiceAgreement', country === 'TW' || code === 'DR_TAIWAN-ENTITY');
  ['confirmDisclosure', 'autorenewalPlanTerms', 'saveCardMandate', 'idealRecurringAgreement'].forEach(function (key) { add(key, true); });
  if (told.japaneseCommerceLaw && japaneseLawUrl) { told.japaneseCommerceLaw.url = japaneseLawUrl; }
  return told;
}

function legalFooter(disclosure, words) {
  const links = LINKS.filter((key) => disclosure[key]).map(function (key) {
    return el('li', {}, el('a', { href: disclosure[key].url, target: '_blank', rel: 'noopener', text: disclosure[key].localizedText }));
  });
  return el('div', { class: look('DR-Legal-Footer') },
    el('p', { class: 'DR-legal-entity', text: fill(words.legalBy, { entity: disclosure.businessEntity.name }) }),
    el('ul', { class: 'DR-legal-links' }, ...links));
}
