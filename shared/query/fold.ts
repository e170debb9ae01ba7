/** Letters that Unicode does not decompose but that people type without their stroke or ligature. */
const plain: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ŧ: 't',
  ĸ: 'k',
  ς: 'σ',
  ґ: 'г',
  ə: 'e',
}

const special = new RegExp(`[${Object.keys(plain).join('')}]`, 'g')
// Accents and vowel points. Marks of other scripts are letters to their readers, and stay.
const marks =
  /(?:[\u0300-\u036f]|[\u0483-\u0487]|[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]|[\u0610-\u061a\u064b-\u065f\u0670]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20f0]|[\ufe20-\ufe2f])+/g
const lone = /[\ud800-\udfff]/gu
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const gaps = /[\s\u0000-\u001f\u007f]+/g
// Every apostrophe finds every other, and so do hyphens and quotation marks: which one stands there depends on the program.
const apostrophes = /[`´‘’‚‛′‵ʹʻʼʽˈˊˋ՚׳＇]/g
const doubles = /[“”„‟«»″‶〝〞〟״＂]/g
const hyphens = /[‐‑‒–—―−⁃﹘﹣－־]/g
/** What nobody sees: joiners, direction marks, soft hyphens, variation selectors, and the stroke that only draws out. */
const unseen = /(?:\p{Cf}|\p{Variation_Selector}|\u034f|\u0640|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0)+/gu
const otherDigit = /(?![0-9])\p{Nd}/gu
/** Texts that only need small letters: printable ASCII but the grave accent, which stands for an apostrophe. */
export const asciiOnly = /^[ -_a-~]*$/
/** Without anything that {@link alike} changes, as most texts are. */
const asciiOrWord = /^[ -_a-~\u00c0-\u024f]*$/

let digitValues: ReadonlyMap<string, string> | undefined

/** The digits of other scripts; in each script they stand in a row from zero to nine. */
function digitValue(digit: string): string {
  if (digitValues === undefined) {
    const values = new Map<string, string>()
    let inRow = 0
    for (let code = 0x660; code < 0x20000; code++) {
      const letter = String.fromCodePoint(code)
      if (!/^\p{Nd}$/u.test(letter)) inRow = 0
      else values.set(letter, String(inRow++ % 10))
    }
    digitValues = values
  }
  return digitValues.get(digit) ?? digit
}

/** A text with the digits 0 to 9 in place of those of other scripts. */
export const plainDigits = (text: string): string => text.replace(otherDigit, digitValue)

/** A text with one kind of apostrophe, quotation mark and hyphen, and without what nobody sees: to sort names together. */
export const alike = (text: string): string =>
  asciiOrWord.test(text)
    ? text
    : text.replace(apostrophes, "'").replace(doubles, '"').replace(hyphens, '-').replace(unseen, '')

/** {@link fold} for a part of a text: white space stays as it is. */
export const foldPart = (text: string): string =>
  text
    .replace(lone, '\ufffd')
    // Some of them would be taken apart into a blank and an accent.
    .replace(apostrophes, "'")
    .replace(doubles, '"')
    .normalize('NFKD')
    .toLowerCase()
    // Lower-casing may decompose further: İ becomes i and a dot above.
    .normalize('NFKD')
    .replace(unseen, '')
    .replace(marks, '')
    .replace(apostrophes, "'")
    .replace(doubles, '"')
    .replace(hyphens, '-')
    .replace(otherDigit, digitValue)
    .replace(special, (letter) => plain[letter] ?? letter)

/**
 * Text as the search sees it: lower case, without accents, strokes, ligatures and what nobody sees, one kind of
 * apostrophe, quotation mark and hyphen, digits as 0 to 9, white space and control characters collapsed to single blanks.
 * Folding twice changes nothing.
 */
export const fold = (text: string): string => {
  if (asciiOnly.test(text)) {
    const lower = text.toLowerCase()
    return lower.includes('  ') || lower.startsWith(' ') || lower.endsWith(' ')
      ? lower.replace(gaps, ' ').trim()
      : lower
  }
  return foldPart(text).replace(gaps, ' ').trim()
}

/** Whether a word can be looked for: it has a letter, a digit or a picture, and is not only what parts other words. */
export const isWord = (text: string): boolean =>
  /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(text)

/** Whether a text has every word that was typed, as the search finds words: in any order, case and dress. */
export const hasWords = (text: string, typed: string): boolean => {
  const folded = fold(text)
  return fold(typed)
    .split(' ')
    .every((word) => folded.includes(word))
}

/** The digits of a text, in order. */
export const digitsOf = (text: string): string =>
  (asciiOnly.test(text) ? text : foldPart(text)).replace(/\D+/g, '')
