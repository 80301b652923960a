// The page's own words in two languages. A test holds both to the same keys and places.
import * as blocks from "./blocks/words.mjs";
import { en } from "./words_en.mjs";
import { es } from "./words_es.mjs";

const WORDS = { en: { ...en, ...blocks.en }, es: { ...es, ...blocks.es } };

// t(key, named): the words in one language, {name} filled in. A missing key shows itself.
export function speaker(language) {
  const words = WORDS[language];
  return (key, named = {}) =>
    (words[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => named[name] ?? place);
}
