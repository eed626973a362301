// Writes Notify.Functions/Templates/locales.txt from the supplemental data of Unicode CLDR.
//
//   npm pack cldr-core && tar xzf cldr-core-*.tgz && node eng/locales.mjs package > Notify.Functions/Templates/locales.txt
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const read = name => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const { version } = read('package.json');
const { languageAlias, territoryAlias } = read('supplemental/aliases.json').supplemental.metadata.alias;
const parents = read('supplemental/parentLocales.json').supplemental.parentLocales.parentLocale;
const likely = read('supplemental/likelySubtags.json').supplemental.likelySubtags;
const known = new Set(read('availableLocales.json').availableLocales.full.map(locale => locale.split('-')[0]));

const lines = [
  `# From Unicode CLDR (cldr-core ${version}): aliases.json, parentLocales.json and likelySubtags.json, by eng/locales.mjs.`,
  '# Copyright © 2004-2026 Unicode, Inc. Unicode License v3: https://www.unicode.org/license.txt',
  '# language and region: a code and the one that stands for it today. parent: where a locale inherits from, other than by leaving its last part out.',
  '# script: the script that a language, or a language in a region, is usually written in.',
];

// CLDR keeps Bokmål under no and lets nb inherit from it; here the two are one, and nb is the name.
const languages = { no: 'nb' };
for (const [code, { _replacement }] of Object.entries(languageAlias)) {
  if (/^[a-z]{2,3}$/.test(code) && /^[a-z]{2,3}(-|$)/.test(_replacement)) {
    languages[code] = _replacement;
  }
}
const today = code => languages[code] ?? code;
lines.push(...Object.keys(languages).sort().map(code => `language ${code} ${today(today(code))}`));

const regions = Object.entries(territoryAlias).filter(([code]) => /^([A-Z]{2}|[0-9]{3})$/.test(code));
lines.push(...regions.map(([code, { _replacement }]) => `region ${code} ${_replacement.split(' ')[0]}`).sort());

// That a script that is not the usual one leads to no other is a rule of its own (_localeRules, nonlikelyScript).
const inherits = Object.entries(parents).filter(([locale, parent]) => parent !== 'und' && today(locale) === locale && today(locale.split('-')[0]) === locale.split('-')[0]);
lines.push(...inherits.map(([locale, parent]) => [locale, today(parent)]).filter(([locale, parent]) => locale !== parent).map(([locale, parent]) => `parent ${locale} ${parent}`).sort());

const scripts = {};
for (const [tag, maximal] of Object.entries(likely)) {
  if (/^([a-z]{2}|[a-z]{3})(-([A-Z]{2}|[0-9]{3}))?$/.test(tag) && !tag.startsWith('und') && (tag.split('-')[0].length === 2 || known.has(tag.split('-')[0]))) {
    scripts[tag] = maximal.split('-')[1];
  }
}
const usual = Object.entries(scripts).filter(([tag, script]) => !tag.includes('-') || scripts[tag.split('-')[0]] !== script);
lines.push(...usual.map(([tag, script]) => `script ${tag} ${script}`).sort());

process.stdout.write(lines.join('\n') + '\n');
