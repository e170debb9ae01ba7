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
const asciiOnly = /^[ -~]*$/

/**
 * Text as the search sees it: lower case, without accents, strokes and ligatures, white space and control characters
 * collapsed to single blanks. Folding twice changes nothing.
 */
export const fold = (text: string): string => {
  if (asciiOnly.test(text)) {
    const lower = text.toLowerCase()
    return lower.includes('  ') || lower.startsWith(' ') || lower.endsWith(' ')
      ? lower.replace(gaps, ' ').trim()
      : lower
  }
  return (
    text
      .replace(lone, '\ufffd')
      .normalize('NFKD')
      .toLowerCase()
      // Lower-casing may decompose further: İ becomes i and a dot above.
      .normalize('NFKD')
      .replace(marks, '')
      .replace(special, (letter) => plain[letter] ?? letter)
      .replace(gaps, ' ')
      .trim()
  )
}

/** The digits of a text, in order. */
export const digitsOf = (text: string): string => text.replace(/\D+/g, '')
