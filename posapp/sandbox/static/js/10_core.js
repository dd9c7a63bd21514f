// Ground of the stand-in: where it was loaded from, languages, small DOM tools. DATA is put in front by the server.

const SCRIPT = document.currentScript;
const BASE = new URL('.', SCRIPT.src);
const ORIGIN = BASE.origin;

const REGIONS = {
  ar: 'ar-EG', cs: 'cs-CZ', da: 'da-DK', de: 'de-DE', el: 'el-GR', en: 'en-IE', es: 'es-ES', 'es-419': 'es-MX',
  et: 'et-EE', fi: 'fi-FI', fr: 'fr-FR', he: 'he-IL', hu: 'hu-HU', it: 'it-IT', iw: 'iw-IL', ja: 'ja-JP', ko: 'ko-KR',
  nl: 'nl-NL', no: 'no-NO', pl: 'pl-PL', pt: 'pt-PT', 'pt-BR': 'pt-PT', ru: 'ru-RU', sk: 'sk-SK', sl: 'sl-SI',
  sv: 'sv-SE', th: 'th-TH', tr: 'tr-TR', zh: 'zh-CN',
};
const TEXT_LOCALES = new Set(('ar_EG cs_CZ da_DK de_AT de_CH de_DE el_GR en_AU en_BE en_CA en_CH en_DK en_FI en_GB en_IE ' +
  'en_IN en_MY en_NL en_NO en_NZ en_PR en_SE en_SG en_US en_ZA es_AR es_CL es_CO es_EC es_ES es_MX es_PE es_VE et_EE fi_FI ' +
  'fr_BE fr_CA fr_CH fr_FR hu_HU it_CH it_IT iw_IL ja_JP ko_KR lt_LT lv_LV nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO ru_RU ' +
  'sk_SK sl_SI sr_YU sv_SE th_TH tr_TR zh_CN zh_HK zh_TW').split(' '));

const FORM_LOCALES = new Set(Object.values(REGIONS).concat(Array.from(TEXT_LOCALES, (one) => one.replace('_', '-'))));

// `ll`, `ll-RR` or `ll_rr` in any case; what nobody knows is American English, without a word.
function knownLocale(given) {
  const parts = String(given || '').replace(/_/g, '-').split('-');
  const tag = parts.length > 1 ? parts[0].toLowerCase() + '-' + parts[1].toUpperCase() : parts[0].toLowerCase();
  const full = REGIONS[tag] || tag;
  return FORM_LOCALES.has(full) ? full : 'en-US';
}

function wordsOf(locale) {
  return DATA.words[locale.slice(0, 2)] || DATA.words.en;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, function (_, key) { return values[key] === undefined ? '' : values[key]; });
}

// el('p', {class: 'x', text: 'y'}, child, …): text never goes through innerHTML.
function el(tag, props) {
  const node = document.createElement(tag);
  for (const key of Object.keys(props || {})) {
    const value = props[key];
    if (value === undefined || value === null || value === false) { continue; }
    if (key === 'text') { node.textContent = value; }
    else if (key === 'html') { node.innerHTML = value; }
    else if (key === 'checked' || key === 'disabled') { node[key] = Boolean(value); }
    else if (key === 'on') { for (const name of Object.keys(value)) { node.addEventListener(name, value[name]); } }
    else { node.setAttribute(key, value === true ? '' : value); }
  }
  for (const child of Array.prototype.slice.call(arguments, 2)) { if (child) { node.append(child); } }
  return node;
}

// The page's own colour scheme: 'dark' or 'light'.
function schemeOf() {
  return getComputedStyle(document.documentElement).colorScheme.trim().split(/\s+/)[0] === 'dark' ? 'dark' : 'light';
}

function look(name) { return name + ' DR-look' + (schemeOf() === 'dark' ? ' DR-dark' : ''); }

// A vendor frame and a promise-based way to talk to it. Only messages of that very window and origin count.
let frameCount = 0;

class Frame {
  constructor(page, title, facts, attributes) {
    const query = new URLSearchParams(Object.assign({ parent: window.location.origin, scheme: schemeOf() }, facts));
    this.calls = new Map();
    this.listeners = {};
    this.next = 0;
    frameCount += 1;
    this.node = el('iframe', Object.assign({
      src: new URL('form/' + page + '#' + query, BASE).href, title: title, name: 'dr-' + page + '-' + frameCount,
      class: 'DR-frame',
    }, attributes));
    this.hear = this.hear.bind(this);
    window.addEventListener('message', this.hear);
    this.ready = new Promise((resolve) => { this.on('ready', resolve); });
  }

  // Resolves to false when the frame's page has not answered in time.
  within(seconds) {
    return Promise.race([this.ready.then(() => true), new Promise((resolve) => { setTimeout(resolve, seconds * 1000, false); })]);
  }

  on(name, listener) {
    (this.listeners[name] = this.listeners[name] || []).push(listener);
    return this;
  }

  call(name, detail) {
    const id = (this.next += 1);
    return this.ready.then(() => new Promise((resolve) => {
      this.calls.set(id, resolve);
      this.node.contentWindow.postMessage({ river: name, id: id, detail: detail }, ORIGIN);
    }));
  }

  hear(event) {
    if (event.origin !== ORIGIN || event.source !== this.node.contentWindow || !event.data) { return; }
    const told = event.data;
    if (told.answer !== undefined) {
      const resolve = this.calls.get(told.answer);
      this.calls.delete(told.answer);
      if (resolve) { resolve(told.detail); }
    } else if (told.river) {
      (this.listeners[told.river] || []).forEach((listener) => listener(told.detail));
    }
  }

  remove() {
    window.removeEventListener('message', this.hear);
    this.node.remove();
  }
}
